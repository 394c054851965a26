package org.noprop.network;

/** The softmax of a few values on the host, and its gradient. */
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

    /**
     * Replaces the gradient g of {@code count} probabilities p from {@code start} on by that of their logits,
     * p_k (g_k - Σ_j g_j p_j).
     */
    static void gradientInPlace(double[] gradient, double[] probabilities, int start, int count) {
        double mean = 0;
        for (int i = start; i < start + count; i++) {
            mean += gradient[i] * probabilities[i];
        }
        for (int i = start; i < start + count; i++) {
            gradient[i] = probabilities[i] * (gradient[i] - mean);
        }
    }
}
