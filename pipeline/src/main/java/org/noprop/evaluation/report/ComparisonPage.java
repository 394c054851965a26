package org.noprop.evaluation.report;

import com.github.mustachejava.DefaultMustacheFactory;
import java.awt.Color;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.CategoryChart;
import org.noprop.data.BaselineKind;
import org.noprop.evaluation.RunFigures;
import org.noprop.evaluation.report.Page.Figure;

/** Several runs side by side on one HTML page, which needs nothing but a browser. */
public final class ComparisonPage {
    private static final String TEMPLATE = "org/noprop/evaluation/report/comparison.mustache";
    private static final double ROOM = 1.0;

    private ComparisonPage() {}

    /** What the template shows. */
    record View(List<String> baselines, List<Line> lines, List<Figure> figures) {}

    /** A run. */
    record Line(
            String run,
            String configuration,
            String seed,
            String noprop,
            String averaged,
            String withoutNoise,
            List<String> baselines,
            String slowest,
            String blocks,
            List<String> baselineTimes,
            String memory) {}

    /**
     * The page. Where Java finds no fonts it has no figures; their numbers are in its table.
     *
     * @param runs at least one, in the order of the page
     */
    public static String of(List<RunFigures> runs) {
        StringWriter html = new StringWriter();
        List<Figure> figures = Fonts.usable() ? figures(runs) : List.of();
        List<BaselineKind> kinds = RunFigures.kinds(runs);
        View view = new View(
                kinds.stream().map(BaselineKind::title).toList(),
                runs.stream().map(run -> line(run, kinds)).toList(),
                figures);
        new DefaultMustacheFactory().compile(TEMPLATE).execute(html, view);
        return html.toString();
    }

    private static Line line(RunFigures run, List<BaselineKind> kinds) {
        return new Line(
                run.run(),
                run.configuration(),
                Long.toString(run.seed()),
                Wording.percentFigure(run.noprop()),
                Wording.percentFigure(run.averaged()),
                Wording.percentFigure(run.withoutNoise()),
                kinds.stream()
                        .map(kind ->
                                run.accuracy(kind).map(Wording::percentFigure).orElse("–"))
                        .toList(),
                number("%.1f s", OptionalDouble.of(run.slowestBlock())),
                number("%.1f s", OptionalDouble.of(run.allBlocks())),
                kinds.stream().map(kind -> number("%.1f s", run.seconds(kind))).toList(),
                number("%.3f", run.memoryRatio()));
    }

    private static String number(String format, OptionalDouble number) {
        return number.isPresent() ? String.format(Locale.ROOT, format, number.getAsDouble()) : "–";
    }

    private static List<Figure> figures(List<RunFigures> runs) {
        return List.of(
                new Figure(
                        "Accuracy",
                        accuracies(runs),
                        "The mean of the noisy runs beside the baselines; the axis does not start at zero."),
                new Figure(
                        "Training time",
                        times(runs),
                        "The slowest block, which is what training takes with a worker a block, beside the baselines."));
    }

    private static String accuracies(List<RunFigures> runs) {
        CategoryChart chart = Charts.categories("", "accuracy, %", runs.size());
        bars(
                chart,
                "NoProp",
                Palette.NOPROP,
                runs,
                run -> OptionalDouble.of(100 * run.noprop().mean()));
        for (BaselineKind kind : RunFigures.kinds(runs)) {
            bars(chart, kind.title(), Palette.baseline(kind), runs, run -> accuracy(run, kind));
        }
        double least = runs.stream()
                .flatMapToDouble(run -> DoubleStream.concat(
                        DoubleStream.of(100 * run.noprop().mean()),
                        Stream.of(BaselineKind.values()).flatMapToDouble(kind -> accuracy(run, kind).stream())))
                .min()
                .orElse(0);
        chart.getStyler().setYAxisMin(Math.max(0, Math.floor(least - ROOM))).setYAxisMax(100.0);
        return InlineSvg.of(chart);
    }

    private static OptionalDouble accuracy(RunFigures run, BaselineKind kind) {
        return run.accuracy(kind).stream()
                .mapToDouble(accuracy -> 100 * accuracy.mean())
                .findFirst();
    }

    private static String times(List<RunFigures> runs) {
        CategoryChart chart = Charts.categories("", "training time, s", runs.size());
        bars(chart, "slowest block", Palette.NOPROP, runs, run -> OptionalDouble.of(run.slowestBlock()));
        for (BaselineKind kind : RunFigures.kinds(runs)) {
            bars(chart, kind.title(), Palette.baseline(kind), runs, run -> run.seconds(kind));
        }
        chart.getStyler().setYAxisMin(0.0);
        return InlineSvg.of(chart);
    }

    /** A bar for each run that has the figure. */
    private static void bars(
            CategoryChart chart,
            String name,
            Color color,
            List<RunFigures> runs,
            Function<RunFigures, OptionalDouble> figure) {
        List<Double> values = new ArrayList<>();
        for (RunFigures run : runs) {
            OptionalDouble value = figure.apply(run);
            values.add(value.isPresent() ? value.getAsDouble() : null);
        }
        if (values.stream().anyMatch(Objects::nonNull)) {
            chart.getStyler().setOverlapped(false).setXAxisLabelRotation(runs.size() > 2 ? 30 : 0);
            chart.addSeries(name, names(runs), values).setFillColor(color);
        }
    }

    /** The runs' ids, numbered where one comes twice. */
    private static List<String> names(List<RunFigures> runs) {
        List<String> ids = runs.stream().map(RunFigures::run).toList();
        boolean distinct = ids.stream().distinct().count() == ids.size();
        return IntStream.range(0, ids.size())
                .mapToObj(i -> distinct ? ids.get(i) : (i + 1) + " " + ids.get(i))
                .toList();
    }
}
