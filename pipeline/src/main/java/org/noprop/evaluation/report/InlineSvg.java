package org.noprop.evaluation.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.internal.series.Series;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A chart as an svg element that stands inside HTML and scales with its surroundings. */
final class InlineSvg {
    private static final Pattern BEFORE_ELEMENT = Pattern.compile("\\A.*?(?=<svg)", Pattern.DOTALL);
    private static final Pattern FIXED_SIZE =
            Pattern.compile("(<svg[^>]*?) height=\"\\d+px\"([^>]*?) width=\"\\d+px\"");
    private static final Pattern NEEDLESS_DECIMALS = Pattern.compile("(\\d\\.\\d\\d)\\d+");

    private static final int MARKER_WIDTH = 44;
    private static final int LETTER_WIDTH = 7;

    private InlineSvg() {}

    /** The chart's svg element. A legend that is too wide to stand below goes to the side, a line for each entry. */
    static String of(Chart<?, ?> chart) {
        if (legendWidth(chart) > chart.getWidth()) {
            chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setLegendLayout(LegendLayout.Vertical);
        }
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

    /** About what the entries take side by side. */
    private static int legendWidth(Chart<?, ?> chart) {
        return chart.getSeriesMap().values().stream()
                .filter(Series::isShowInLegend)
                .mapToInt(series ->
                        MARKER_WIDTH + LETTER_WIDTH * series.getLabel().length())
                .sum();
    }
}
