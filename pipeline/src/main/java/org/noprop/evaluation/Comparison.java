package org.noprop.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * NoProp beside the baseline.
 *
 * @param noprop mean test accuracy of NoProp, in [0, 1]
 * @param baseline mean test accuracy of the baseline, in [0, 1]
 * @param marginPoints how many accuracy points below the baseline still count as level, at least 0
 * @param choice which of several baselines it is and why, in words; empty of a single one
 */
public record Comparison(double noprop, double baseline, double marginPoints, String choice) {
    /** A difference that misses the margin by floating-point rounding alone is within it. */
    private static final double ROUNDING = 1e-9;

    /** With the only baseline that there is. */
    public Comparison(double noprop, double baseline, double marginPoints) {
        this(noprop, baseline, marginPoints, "");
    }

    /** With the baseline of the highest mean accuracy, where there is one. */
    public static Optional<Comparison> of(double noprop, List<BaselineFigures> baselines, double marginPoints) {
        return better(baselines)
                .map(better -> new Comparison(
                        noprop,
                        better.accuracy().mean(),
                        marginPoints,
                        baselines.size() == 1
                                ? ""
                                : better.kind().description() + ", the better of " + baselines.size()));
    }

    /** The baseline of the highest mean accuracy, the first of equal ones. */
    static Optional<BaselineFigures> better(List<BaselineFigures> baselines) {
        Comparator<BaselineFigures> byAccuracy =
                Comparator.comparing(baseline -> baseline.accuracy().mean());
        return baselines.stream().sorted(byAccuracy.reversed()).findFirst();
    }

    /** NoProp's accuracy less the baseline's, in points (hundredths). */
    public double differencePoints() {
        return 100 * (noprop - baseline);
    }

    /** Whether NoProp is at most the margin below the baseline. */
    public boolean passed() {
        return differencePoints() >= -marginPoints - ROUNDING;
    }

    /** The verdict in one sentence, with its figures. */
    public String verdict() {
        return String.format(
                Locale.ROOT,
                "NoProp %.2f %%, baseline %.2f %%%s: NoProp is %.2f points %s",
                100 * noprop,
                100 * baseline,
                choice.isEmpty() ? "" : " (" + choice + ")",
                Math.abs(differencePoints()),
                place());
    }

    private String place() {
        if (differencePoints() >= 0) {
            return "above the baseline";
        }
        return (passed() ? "below, within the margin of " : "below, beyond the margin of ") + points(marginPoints);
    }

    private static String points(double points) {
        String number = String.format(Locale.ROOT, points == Math.rint(points) ? "%.0f" : "%.2f", points);
        return number + (points == 1 ? " point" : " points");
    }
}
