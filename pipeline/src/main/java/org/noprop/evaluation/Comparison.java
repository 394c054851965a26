package org.noprop.evaluation;

import java.util.Locale;

/**
 * NoProp beside the baseline.
 *
 * @param noprop mean test accuracy of NoProp, in [0, 1]
 * @param baseline mean test accuracy of the baseline, in [0, 1]
 * @param marginPoints how many accuracy points below the baseline still count as level, at least 0
 */
public record Comparison(double noprop, double baseline, double marginPoints) {
    /** A difference that misses the margin by floating-point rounding alone is within it. */
    private static final double ROUNDING = 1e-9;

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
                "NoProp %.2f %%, baseline %.2f %%: NoProp is %.2f points %s",
                100 * noprop,
                100 * baseline,
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
