package org.noprop.evaluation;

import java.util.ArrayList;
import java.util.List;
import org.noprop.inference.ClassProbabilities;

/**
 * Whether a model is right as often as it says: rows sorted into bins of equal width by the probability of the
 * class that they were given.
 *
 * @param bins those that have rows, in ascending order
 */
public record Calibration(List<Bin> bins) {
    private static final int BINS = 10;

    /**
     * The rows whose class was given a probability in [from, to); the last bin has 1, too.
     *
     * @param from its lower end
     * @param to its upper end
     * @param rows how many, at least 1
     * @param confidence their mean probability
     * @param accuracy how many of them are right, in [0, 1]
     */
    public record Bin(double from, double to, int rows, double confidence, double accuracy) {}

    /** Copies the list. */
    public Calibration {
        bins = List.copyOf(bins);
    }

    /**
     * Sorts and counts.
     *
     * @param probabilities of each row
     * @param labels the class of each row, as many
     */
    public static Calibration of(ClassProbabilities probabilities, int[] labels) {
        int[] predictions = probabilities.predictions();
        int[] rows = new int[BINS];
        int[] right = new int[BINS];
        double[] confidence = new double[BINS];
        for (int row = 0; row < labels.length; row++) {
            float said = probabilities.values()[row * probabilities.classes() + predictions[row]];
            int bin = Math.min(BINS - 1, (int) (said * BINS));
            rows[bin]++;
            confidence[bin] += said;
            right[bin] += predictions[row] == labels[row] ? 1 : 0;
        }
        List<Bin> bins = new ArrayList<>();
        for (int bin = 0; bin < BINS; bin++) {
            if (rows[bin] == 0) {
                continue;
            }
            bins.add(new Bin(
                    bin / (double) BINS,
                    (bin + 1) / (double) BINS,
                    rows[bin],
                    confidence[bin] / rows[bin],
                    right[bin] / (double) rows[bin]));
        }
        return new Calibration(bins);
    }

    /** The expected calibration error: the mean over rows of their bin's |accuracy - confidence|, in [0, 1]. */
    public double expectedError() {
        int rows = bins.stream().mapToInt(Bin::rows).sum();
        return bins.stream()
                .mapToDouble(bin -> bin.rows * Math.abs(bin.accuracy - bin.confidence) / rows)
                .sum();
    }
}
