package org.noprop.label;

import java.util.Arrays;

/**
 * The posterior head: p̂(y | z) ∝ exp(-‖ỹ - u_y‖² / 2σ²), ỹ = softmax(z W + b) W_Embed (Equations 15 and 16 of
 * arXiv 2503.24322v2), over fixed label embeddings; trained by AdamW on the cross-entropy.
 *
 * <p>All weights start at zero, so that ỹ starts in the middle of the label embeddings.
 */
public final class PosteriorHead extends AffineHead {
    private final int width;
    private final LabelEmbedding labels;
    private final double precision;
    private final double[] shares;
    private final double[] estimate;

    /**
     * An untrained head.
     *
     * @param labels W_Embed
     * @param sigma σ, positive
     * @param learningRate AdamW's, positive
     * @param weightDecay AdamW's, at least 0
     */
    public PosteriorHead(LabelEmbedding labels, double sigma, double learningRate, double weightDecay) {
        super(labels.width(), labels.classes(), learningRate, weightDecay);
        this.width = labels.width();
        this.labels = labels;
        this.precision = 1 / (sigma * sigma);
        this.shares = new double[labels.classes()];
        this.estimate = new double[width];
    }

    @Override
    void logProbabilities(double[] outputs) {
        logSoftmax(outputs);
        Arrays.fill(estimate, 0);
        for (int k = 0; k < shares.length; k++) {
            shares[k] = Math.exp(outputs[k]);
            for (int i = 0; i < width; i++) {
                estimate[i] += shares[k] * labels.component(k, i);
            }
        }
        for (int k = 0; k < shares.length; k++) {
            double square = 0;
            for (int i = 0; i < width; i++) {
                double difference = estimate[i] - labels.component(k, i);
                square += difference * difference;
            }
            outputs[k] = -precision * square / 2;
        }
        logSoftmax(outputs);
    }

    /** With r = p̂ - (1 at y): ∂/∂ỹ = Σ_k r_k u_k / σ², because the r_k add up to 0; then through the softmax. */
    @Override
    double slopes(double[] outputs, int label, double[] slopes) {
        logProbabilities(outputs);
        double[] byEstimate = new double[width];
        for (int k = 0; k < shares.length; k++) {
            double excess = Math.exp(outputs[k]) - (k == label ? 1 : 0);
            for (int i = 0; i < width; i++) {
                byEstimate[i] += excess * precision * labels.component(k, i);
            }
        }
        double mean = 0;
        for (int k = 0; k < shares.length; k++) {
            slopes[k] = 0;
            for (int i = 0; i < width; i++) {
                slopes[k] += byEstimate[i] * labels.component(k, i);
            }
            mean += shares[k] * slopes[k];
        }
        for (int k = 0; k < shares.length; k++) {
            slopes[k] = shares[k] * (slopes[k] - mean);
        }
        return outputs[label];
    }
}
