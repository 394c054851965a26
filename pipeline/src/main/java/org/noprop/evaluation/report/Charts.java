package org.noprop.evaluation.report;

import java.awt.Color;
import java.awt.Font;
import java.util.List;
import java.util.Locale;
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

/** Empty charts in the report's style, and lines in them. */
final class Charts {
    /** Small enough that text stays readable when a phone shrinks it to its width. */
    private static final int WIDTH = 480;

    private static final int HEIGHT = 330;
    private static final int MOST_LABELS = 20;

    private Charts() {}

    /** Bars and lines over so many names. */
    static CategoryChart categories(String xTitle, String yTitle, int bars) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        style(chart.getStyler());
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setAvailableSpaceFill(0.7).setOverlapped(true);
        if (bars > MOST_LABELS) {
            chart.getStyler().setXAxisMaxLabelCount(MOST_LABELS);
        }
        return chart;
    }

    /** Lines over numbers. */
    static XYChart numbers(String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        style(chart.getStyler());
        return chart;
    }

    /** Adds a line with its points to names. */
    static CategorySeries line(CategoryChart chart, String name, List<String> names, List<Double> values, Color color) {
        CategorySeries series = chart.addSeries(name, names, values);
        series.setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Line);
        series.setLineColor(color);
        series.setLineWidth(2.2f);
        series.setMarkerColor(color);
        return series;
    }

    /** Adds a line with its points to numbers. */
    static XYSeries line(XYChart chart, String name, List<Double> x, List<Double> y, Color color) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(color);
        series.setLineWidth(2.2f);
        series.setLineStyle(SeriesLines.SOLID);
        series.setMarkerColor(color);
        series.setMarker(SeriesMarkers.CIRCLE);
        return series;
    }

    /** Adds a dashed line without points, for what others are compared with. */
    static void dashes(XYChart chart, String name, List<Double> x, List<Double> y, Color color) {
        XYSeries series = line(chart, name, x, y, color);
        series.setLineStyle(SeriesLines.DASH_DASH);
        series.setMarker(SeriesMarkers.NONE);
    }

    /** Labels an axis of counts at whole numbers alone. */
    static void wholeNumbers(XYChart chart) {
        chart.getStyler()
                .setxAxisTickLabelsFormattingFunction(
                        number -> number == Math.rint(number) ? String.format(Locale.ROOT, "%.0f", number) : "");
    }

    private static void style(AxesChartStyler styler) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
        styler.setLocale(Locale.ROOT);
        styler.setAxisTitleFont(font).setAxisTickLabelsFont(font.deriveFont(13f));
        styler.setLegendFont(font.deriveFont(13f));
        styler.setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Horizontal);
        styler.setChartFontColor(Palette.TEXT);
        styler.setAxisTickLabelsColor(Palette.TEXT);
        styler.setChartBackgroundColor(Color.WHITE).setPlotBorderVisible(false);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotGridLinesColor(Palette.GRID).setPlotGridLinesStroke(SeriesLines.SOLID);
        // Transparent, or it would hide the foot of the title above it.
        styler.setLegendBackgroundColor(new Color(255, 255, 255, 0));
        styler.setLegendBorderColor(new Color(255, 255, 255, 0)).setLegendPadding(10);
        styler.setPlotContentSize(0.95);
        styler.setMarkerSize(7).setChartPadding(6);
    }
}
