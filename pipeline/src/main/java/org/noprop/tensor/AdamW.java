package org.noprop.tensor;

import org.bytedeco.javacpp.FloatPointer;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) with β₁ = 0.9, β₂ = 0.999, ε = 1e-8 on one flat
 * vector: w ← w (1 - lr decay) - lr m̂ / (√v̂ + ε), float32 as PyTorch's.
 *
 * <p>The moments lie on the Java heap, and weights and gradients pass through chunks that stay in the
 * cache: the JIT compiler turns the loop into vector instructions, square root included, which ND4J's
 * own Adam and square root are not.
 */
public final class AdamW {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final float EPSILON = 1e-8f;
    private static final int CHUNK = 4096;

    private final double learningRate;
    private final double weightDecay;
    private final float[] first;
    private final float[] second;
    private final float[] weight = new float[CHUNK];
    private final float[] gradient = new float[CHUNK];
    private int steps;

    /**
     * No step taken, moments of 0.
     *
     * @param learningRate lr, positive
     * @param weightDecay decay, at least 0
     * @param length how many weights
     */
    public AdamW(double learningRate, double weightDecay, int length) {
        this.learningRate = learningRate;
        this.weightDecay = weightDecay;
        this.first = new float[length];
        this.second = new float[length];
    }

    /**
     * One step.
     *
     * @param weights as many as the moments; receives the new ones
     * @param gradients as many
     */
    public void step(FloatPointer weights, FloatPointer gradients) {
        steps++;
        float decay = (float) (1 - learningRate * weightDecay);
        float rate = (float) (learningRate / (1 - Math.pow(BETA_1, steps)));
        float unbias = (float) (1 / Math.sqrt(1 - Math.pow(BETA_2, steps)));
        long weightStart = weights.position();
        long gradientStart = gradients.position();
        for (int start = 0; start < first.length; start += CHUNK) {
            int count = Math.min(CHUNK, first.length - start);
            weights.position(weightStart + start).get(weight, 0, count);
            gradients.position(gradientStart + start).get(gradient, 0, count);
            moveMoments(start, count);
            moveWeights(start, count, decay, rate, unbias);
            weights.put(weight, 0, count);
        }
        weights.position(weightStart);
        gradients.position(gradientStart);
    }

    /** m; the array itself. */
    public float[] first() {
        return first;
    }

    /** v; the array itself. */
    public float[] second() {
        return second;
    }

    /** Steps taken. */
    public int steps() {
        return steps;
    }

    /** Puts the number of steps taken back. */
    public void setSteps(int steps) {
        this.steps = steps;
    }

    private void moveMoments(int start, int count) {
        float keepFirst = (float) BETA_1;
        float addFirst = (float) (1 - BETA_1);
        float keepSecond = (float) BETA_2;
        float addSecond = (float) (1 - BETA_2);
        for (int i = 0; i < count; i++) {
            float g = gradient[i];
            first[start + i] = keepFirst * first[start + i] + addFirst * g;
            second[start + i] = keepSecond * second[start + i] + addSecond * g * g;
        }
    }

    private void moveWeights(int start, int count, float decay, float rate, float unbias) {
        for (int i = 0; i < count; i++) {
            float deviation = (float) Math.sqrt(second[start + i]) * unbias + EPSILON;
            weight[i] = weight[i] * decay - rate * first[start + i] / deviation;
        }
    }
}
