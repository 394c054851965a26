package org.noprop.evaluation;

/**
 * How often each class was taken for which.
 *
 * @param counts m × m: counts[y][k] rows of class y were predicted as class k; not copied
 */
public record ConfusionMatrix(int[][] counts) {
    private static final int MOST_WHOLE = 1_000;

    /**
     * Counts predictions.
     *
     * @param classes m
     * @param predictions the predicted class of each row
     * @param labels the class of each row
     */
    public static ConfusionMatrix of(int classes, int[] predictions, int[] labels) {
        int[][] counts = new int[classes][classes];
        for (int row = 0; row < labels.length; row++) {
            counts[labels[row]][predictions[row]]++;
        }
        return new ConfusionMatrix(counts);
    }

    /** m. */
    public int classes() {
        return counts.length;
    }

    /** Whether files have room for every cell: up to a thousand classes. */
    public boolean isWritable() {
        return classes() <= MOST_WHOLE;
    }

    /** How many rows have class {@code label}. */
    public int rows(int label) {
        int rows = 0;
        for (int count : counts[label]) {
            rows += count;
        }
        return rows;
    }
}
