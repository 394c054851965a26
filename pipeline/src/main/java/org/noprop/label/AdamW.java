package org.noprop.label;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) for a few weights in a plain array: β₁ = 0.9,
 * β₂ = 0.999, ε = 1e-8, w ← w - lr (m̂/(√v̂ + ε) + decay w).
 *
 * <p>Moments are float32, so that a state that was written and read again continues bit for bit.
 */
final class AdamW {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final double weightDecay;
    private final int count;
    /** Empty until they are asked for: a head that only predicts has none. */
    private float[] firstMoment = {};

    private float[] secondMoment = {};
    private double learningRate;
    private int steps;

    AdamW(int weights, double learningRate, double weightDecay) {
        this.learningRate = learningRate;
        this.weightDecay = weightDecay;
        this.count = weights;
    }

    void step(float[] weights, double[] gradient) {
        begin();
        steps++;
        double correction1 = 1 - Math.pow(BETA1, steps);
        double correction2 = 1 - Math.pow(BETA2, steps);
        for (int i = 0; i < weights.length; i++) {
            firstMoment[i] = (float) (BETA1 * firstMoment[i] + (1 - BETA1) * gradient[i]);
            secondMoment[i] = (float) (BETA2 * secondMoment[i] + (1 - BETA2) * gradient[i] * gradient[i]);
            double direction = firstMoment[i] / correction1 / (Math.sqrt(secondMoment[i] / correction2) + EPSILON);
            weights[i] = (float) (weights[i] - learningRate * (direction + weightDecay * weights[i]));
        }
    }

    void setLearningRate(double learningRate) {
        this.learningRate = learningRate;
    }

    private void begin() {
        if (firstMoment.length == 0) {
            firstMoment = new float[count];
            secondMoment = new float[count];
        }
    }

    /** m, not copied. */
    float[] firstMoment() {
        begin();
        return firstMoment;
    }

    /** v, not copied. */
    float[] secondMoment() {
        begin();
        return secondMoment;
    }

    int steps() {
        return steps;
    }

    void setSteps(int steps) {
        this.steps = steps;
    }
}
