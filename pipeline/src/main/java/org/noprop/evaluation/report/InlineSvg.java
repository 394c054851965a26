package org.noprop.evaluation.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** A chart as an svg element that stands inside HTML and scales with its surroundings. */
final class InlineSvg {
    private static final Pattern BEFORE_ELEMENT = Pattern.compile("\\A.*?(?=<svg)", Pattern.DOTALL);
    private static final Pattern FIXED_SIZE =
            Pattern.compile("(<svg[^>]*?) height=\"\\d+px\"([^>]*?) width=\"\\d+px\"");
    private static final Pattern NEEDLESS_DECIMALS = Pattern.compile("(\\d\\.\\d\\d)\\d+");

    private InlineSvg() {}

    /** The chart's svg element. */
    static String of(Chart<?, ?> chart) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String element =
                BEFORE_ELEMENT.matcher(bytes.toString(StandardCharsets.UTF_8)).replaceFirst("");
        String scaling = FIXED_SIZE.matcher(element).replaceFirst("$1$2");
        return NEEDLESS_DECIMALS.matcher(scaling).replaceAll("$1").strip();
    }
}
