package org.noprop.evaluation.report;

import java.time.Duration;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.noprop.evaluation.Accuracy;
import org.noprop.evaluation.BaselineFigures;
import org.noprop.evaluation.EvaluationResult;

/** Draws the report's figures as SVG. */
final class Figures {
    private static final int MOST_LEGEND_ENTRIES = 10;
    private static final double LOGARITHMIC_FROM = 20;

    private Figures() {}

    /** Accuracy of the chain after each step, of each block alone, and of the baselines. */
    static String accuracyBySteps(EvaluationResult result) {
        CategoryChart chart = Charts.categories(
                ReportPage.eachBlockAStep(result) ? "chain step t" : "time t",
                "accuracy, %",
                result.chainByStep().size());
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(100.0);
        List<String> steps = result.steps();
        if (ReportPage.eachBlockAStep(result)) {
            CategorySeries alone = chart.addSeries("block alone", steps, percent(result.blocksAlone()));
            alone.setFillColor(Palette.ALONE);
        }
        result.baselines().forEach(baseline -> addBaseline(chart, baseline, steps));
        Charts.line(chart, "chain", steps, percent(result.chainByStep()), Palette.NOPROP)
                .setMarker(SeriesMarkers.CIRCLE);
        return InlineSvg.of(chart);
    }

    /** The training time of each block. */
    static String trainingTimes(List<Duration> blocks) {
        CategoryChart chart = Charts.categories("block", "training time, s", blocks.size());
        chart.getStyler().setYAxisMin(0.0).setLegendVisible(false);
        List<Double> seconds =
                blocks.stream().map(block -> block.toMillis() / 1000.0).toList();
        chart.addSeries("block", steps(blocks.size()), seconds).setFillColor(Palette.NOPROP);
        return InlineSvg.of(chart);
    }

    /** The training loss of each block by epoch; on a logarithmic axis where the losses differ much, as those of early and late blocks do. */
    static String learningCurves(List<LearningCurve> curves) {
        XYChart chart = Charts.numbers("epoch", "training loss");
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setLegendLayout(LegendLayout.Vertical);
        chart.getStyler().setYAxisLogarithmic(spansDecades(curves));
        int most =
                curves.stream().mapToInt(curve -> curve.losses().size()).max().orElse(1);
        Charts.wholeNumbers(chart);
        chart.getStyler().setXAxisMin(most == 1 ? 0.0 : 1.0).setXAxisMax(Math.max(2.0, most));
        curves.forEach(curve -> addCurve(chart, curve, curves.size()));
        return InlineSvg.of(chart);
    }

    /** Draws what is finite: the losses of a block that diverged end where it did. */
    private static void addCurve(XYChart chart, LearningCurve curve, int blocks) {
        int[] epochs = IntStream.rangeClosed(1, curve.losses().size())
                .filter(epoch -> Double.isFinite(curve.losses().get(epoch - 1)))
                .toArray();
        if (epochs.length == 0) {
            return;
        }
        XYSeries series = chart.addSeries(
                "block " + curve.block(),
                IntStream.of(epochs).asDoubleStream().toArray(),
                IntStream.of(epochs)
                        .mapToDouble(epoch -> curve.losses().get(epoch - 1))
                        .toArray());
        series.setLineColor(Palette.block(curve.block(), blocks));
        series.setLineWidth(1.8f);
        series.setLineStyle(SeriesLines.SOLID);
        series.setMarkerColor(Palette.block(curve.block(), blocks));
        series.setMarker(epochs.length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        int spacing = (blocks + MOST_LEGEND_ENTRIES - 1) / MOST_LEGEND_ENTRIES;
        series.setShowInLegend((curve.block() - 1) % spacing == 0);
    }

    /** Losses that reach over a good decade; over less, a logarithmic axis has hardly a label. */
    private static boolean spansDecades(List<LearningCurve> curves) {
        DoubleSummaryStatistics losses = curves.stream()
                .flatMap(curve -> curve.losses().stream())
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .summaryStatistics();
        return losses.getMin() > 0 && losses.getMax() > LOGARITHMIC_FROM * losses.getMin();
    }

    private static void addBaseline(CategoryChart chart, BaselineFigures baseline, List<String> steps) {
        List<Double> level =
                Collections.nCopies(steps.size(), 100 * baseline.accuracy().mean());
        CategorySeries series =
                Charts.line(chart, baseline.kind().title(), steps, level, Palette.baseline(baseline.kind()));
        series.setLineStyle(SeriesLines.DASH_DASH);
        series.setMarker(SeriesMarkers.NONE);
    }

    private static List<Integer> steps(int steps) {
        return IntStream.rangeClosed(1, steps).boxed().toList();
    }

    private static List<Double> percent(List<Accuracy> accuracies) {
        return accuracies.stream().map(accuracy -> 100 * accuracy.mean()).toList();
    }
}
