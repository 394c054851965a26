package org.noprop.evaluation.report;

import java.awt.Color;
import java.awt.Font;
import java.time.Duration;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.noprop.evaluation.Accuracy;
import org.noprop.evaluation.EvaluationResult;

/** Draws the report's figures as SVG. */
final class Figures {
    /** Small enough that text stays readable when a phone shrinks it to its width. */
    private static final int WIDTH = 480;

    private static final int HEIGHT = 330;
    private static final int MOST_LEGEND_ENTRIES = 10;
    private static final int MOST_LABELS = 20;
    private static final double LOGARITHMIC_FROM = 20;

    private Figures() {}

    /** Accuracy of the chain after each step, of each block alone, and of the baseline. */
    static String accuracyBySteps(EvaluationResult result) {
        CategoryChart chart = categories(
                ReportPage.eachBlockAStep(result) ? "chain step t" : "time t",
                "accuracy, %",
                result.chainByStep().size());
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(100.0);
        List<String> steps = result.steps();
        if (ReportPage.eachBlockAStep(result)) {
            CategorySeries alone = chart.addSeries("block t alone", steps, percent(result.blocksAlone()));
            alone.setFillColor(Palette.ALONE);
        }
        result.baseline().ifPresent(baseline -> addBaseline(chart, baseline, steps));
        line(chart, "chain at t", steps, percent(result.chainByStep()), Palette.NOPROP)
                .setMarker(SeriesMarkers.CIRCLE);
        return InlineSvg.of(chart);
    }

    /** The training time of each block. */
    static String trainingTimes(List<Duration> blocks) {
        CategoryChart chart = categories("block", "training time, s", blocks.size());
        chart.getStyler().setYAxisMin(0.0).setLegendVisible(false);
        List<Double> seconds =
                blocks.stream().map(block -> block.toMillis() / 1000.0).toList();
        chart.addSeries("block", steps(blocks.size()), seconds).setFillColor(Palette.NOPROP);
        return InlineSvg.of(chart);
    }

    /** The training loss of each block by epoch; on a logarithmic axis where the losses differ much, as those of early and late blocks do. */
    static String learningCurves(List<LearningCurve> curves) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle("epoch")
                .yAxisTitle("training loss")
                .build();
        style(chart.getStyler());
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setLegendLayout(LegendLayout.Vertical);
        chart.getStyler().setYAxisLogarithmic(spansDecades(curves));
        int most =
                curves.stream().mapToInt(curve -> curve.losses().size()).max().orElse(1);
        chart.getStyler()
                .setxAxisTickLabelsFormattingFunction(
                        epoch -> epoch == Math.rint(epoch) ? String.format(Locale.ROOT, "%.0f", epoch) : "");
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

    private static void addBaseline(CategoryChart chart, Accuracy baseline, List<String> steps) {
        List<Double> level = Collections.nCopies(steps.size(), 100 * baseline.mean());
        CategorySeries series = line(chart, "baseline", steps, level, Palette.BASELINE);
        series.setLineStyle(SeriesLines.DASH_DASH);
        series.setMarker(SeriesMarkers.NONE);
    }

    private static CategorySeries line(
            CategoryChart chart, String name, List<String> steps, List<Double> values, Color color) {
        CategorySeries series = chart.addSeries(name, steps, values);
        series.setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Line);
        series.setLineColor(color);
        series.setLineWidth(2.2f);
        series.setMarkerColor(color);
        return series;
    }

    private static CategoryChart categories(String xTitle, String yTitle, int bars) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        style(chart.getStyler());
        chart.getStyler()
                .setPlotGridVerticalLinesVisible(false)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal);
        chart.getStyler().setAvailableSpaceFill(0.7).setOverlapped(true);
        if (bars > MOST_LABELS) {
            chart.getStyler().setXAxisMaxLabelCount(MOST_LABELS);
        }
        return chart;
    }

    private static void style(AxesChartStyler styler) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
        styler.setLocale(Locale.ROOT);
        styler.setAxisTitleFont(font).setAxisTickLabelsFont(font.deriveFont(13f));
        styler.setLegendFont(font.deriveFont(13f));
        styler.setChartFontColor(Palette.TEXT);
        styler.setAxisTickLabelsColor(Palette.TEXT);
        styler.setChartBackgroundColor(Color.WHITE).setPlotBorderVisible(false);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotGridLinesColor(Palette.GRID).setPlotGridLinesStroke(SeriesLines.SOLID);
        styler.setLegendBorderColor(Color.WHITE).setLegendPadding(10);
        styler.setPlotContentSize(0.95);
        styler.setMarkerSize(7).setChartPadding(6);
    }

    private static List<Integer> steps(int steps) {
        return IntStream.rangeClosed(1, steps).boxed().toList();
    }

    private static List<Double> percent(List<Accuracy> accuracies) {
        return accuracies.stream().map(accuracy -> 100 * accuracy.mean()).toList();
    }
}
