package org.noprop.label;

/**
 * The softmax of a linear layer, p̂(y | z) = softmax(z W + b) (Equation 14 of arXiv 2503.24322v2), trained
 * by AdamW on the cross-entropy; weight decay counts for the bias too.
 *
 * <p>All weights start at zero. The loss is convex in them, so that nothing is gained by a random start,
 * and an untrained head gives each class 1/m.
 */
public final class LinearHead extends AffineHead {

    /**
     * An untrained head.
     *
     * @param labelWidth d, at least 1
     * @param classes m, at least 2
     * @param learningRate AdamW's, positive
     * @param weightDecay AdamW's, at least 0
     */
    public LinearHead(int labelWidth, int classes, double learningRate, double weightDecay) {
        super(labelWidth, classes, learningRate, weightDecay);
    }

    @Override
    void logProbabilities(double[] outputs) {
        logSoftmax(outputs);
    }

    @Override
    double slopes(double[] outputs, int label, double[] slopes) {
        logSoftmax(outputs);
        for (int k = 0; k < slopes.length; k++) {
            slopes[k] = Math.exp(outputs[k]) - (k == label ? 1 : 0);
        }
        return outputs[label];
    }
}
