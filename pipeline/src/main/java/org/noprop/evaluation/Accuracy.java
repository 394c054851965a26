package org.noprop.evaluation;

import java.util.List;

/**
 * A share of right predictions, over one or several inference runs.
 *
 * @param runs the accuracy of each run, each in [0, 1], at least one
 */
public record Accuracy(List<Double> runs) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public Accuracy {
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("An accuracy needs at least one run");
        }
    }

    /**
     * The accuracy of some runs' predictions.
     *
     * @param predictions for each run, the predicted class of each row
     * @param labels the class of each row
     * @throws IllegalArgumentException if there are no rows, or not as many labels as predictions
     */
    public static Accuracy of(List<int[]> predictions, int[] labels) {
        return new Accuracy(
                predictions.stream().map(run -> fraction(run, labels)).toList());
    }

    /** The accuracy of one run's predictions; as {@link #of(List, int[])}. */
    public static Accuracy of(int[] predictions, int[] labels) {
        return of(List.of(predictions), labels);
    }

    private static double fraction(int[] predictions, int[] labels) {
        if (labels.length == 0 || predictions.length != labels.length) {
            throw new IllegalArgumentException("Accuracy needs a label for each row, got " + predictions.length
                    + " rows and " + labels.length + " labels");
        }
        int right = 0;
        for (int row = 0; row < labels.length; row++) {
            if (predictions[row] == labels[row]) {
                right++;
            }
        }
        return right / (double) labels.length;
    }

    /** The mean over runs, in [0, 1]. */
    public double mean() {
        return new Spread(runs).mean();
    }

    /**
     * The standard error of the mean over runs. It measures the noise of inference alone, not that of training or of
     * the choice of test images. NaN for one run.
     */
    public double standardError() {
        return new Spread(runs).standardError();
    }
}
