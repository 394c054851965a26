package org.noprop.network;

/** The softmax of a few values on the host. */
final class Softmax {
    private Softmax() {}

    /** Replaces {@code count} logits from {@code start} on by their softmax. */
    static void inPlace(double[] values, int start, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = start; i < start + count; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = start; i < start + count; i++) {
            values[i] = Math.exp(values[i] - largest);
            sum += values[i];
        }
        for (int i = start; i < start + count; i++) {
            values[i] /= sum;
        }
    }
}
