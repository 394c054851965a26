package org.noprop.evaluation.report;

import java.util.List;
import java.util.Optional;
import org.knowm.xchart.XYChart;
import org.noprop.evaluation.plan.ClusterPlan;

/** Draws the training time over the number of executors, both on logarithmic axes. */
public final class PlanFigure {
    /** By which the file is known as one of ours. */
    private static final String TITLE = "NoProp: training time over the number of executors";

    private PlanFigure() {}

    /** The figure as SVG; nothing where Java finds no fonts. */
    public static Optional<String> of(ClusterPlan plan) {
        return Fonts.usable() ? Optional.of(draw(plan)) : Optional.empty();
    }

    static String draw(ClusterPlan plan) {
        XYChart chart = Charts.numbers("executors", "training time, s");
        List<Double> executors =
                plan.points().stream().map(point -> (double) point.executors()).toList();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        List<Double> noprop =
                plan.points().stream().map(ClusterPlan.Point::noprop).toList();
        Charts.line(chart, "NoProp", executors, noprop, Palette.NOPROP);
        Charts.line(
                chart,
                "data-parallel back-propagation",
                executors,
                plan.points().stream().map(ClusterPlan.Point::dataParallel).toList(),
                Palette.BASELINE);
        double widest = plan.work().widest();
        double least = plan.points().stream()
                .mapToDouble(point -> Math.min(point.noprop(), point.dataParallel()))
                .min()
                .orElse(1);
        double most = plan.points().stream()
                .mapToDouble(point -> Math.max(point.noprop(), point.dataParallel()))
                .max()
                .orElse(1);
        Charts.dashes(
                chart, "T·K = " + plan.work().widest(), List.of(widest, widest), List.of(least, most), Palette.TEXT);
        return InlineSvg.of(chart).replaceFirst("(?<=<svg[^>]{0,9999}>)", "<title>" + TITLE + "</title>");
    }
}
