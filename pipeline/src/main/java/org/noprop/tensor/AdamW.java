package org.noprop.tensor;

import org.bytedeco.javacpp.FloatPointer;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) with β₁ = 0.9, β₂ = 0.999, ε = 1e-8 on one flat
 * vector: w ← w (1 - lr decay) - lr m̂ / (√v̂ + ε), float32 as PyTorch's.
 *
 * <p>The moments lie on the Java heap, and everything passes through chunks that stay in the cache: the
 * JIT compiler turns the loop over them into vector instructions, square root included, which ND4J's own
 * Adam and square root are not.
 */
public final class AdamW {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final float KEEP_1 = (float) BETA_1;
    private static final float ADD_1 = (float) (1 - BETA_1);
    private static final float KEEP_2 = (float) BETA_2;
    private static final float ADD_2 = (float) (1 - BETA_2);
    private static final float EPSILON = 1e-8f;
    private static final int CHUNK = 1024;

    private final double weightDecay;
    private final float[] first;
    private final float[] second;
    private final Chunk chunk = new Chunk();
    private double learningRate;
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
            weights.position(weightStart + start).get(chunk.weight, 0, count);
            gradients.position(gradientStart + start).get(chunk.gradient, 0, count);
            System.arraycopy(first, start, chunk.first, 0, count);
            System.arraycopy(second, start, chunk.second, 0, count);
            move(chunk.weight, chunk.gradient, chunk.first, chunk.second, decay, rate, unbias);
            System.arraycopy(chunk.first, 0, first, start, count);
            System.arraycopy(chunk.second, 0, second, start, count);
            weights.put(chunk.weight, 0, count);
        }
        weights.position(weightStart);
        gradients.position(gradientStart);
    }

    /** Changes lr for the steps to come. */
    public void setLearningRate(double learningRate) {
        this.learningRate = learningRate;
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

    /** Four arrays that one loop can walk with one index: what the JIT compiler needs to vectorise it. */
    private static final class Chunk {
        final float[] weight = new float[CHUNK];
        final float[] gradient = new float[CHUNK];
        final float[] first = new float[CHUNK];
        final float[] second = new float[CHUNK];
    }

    /** Moves a whole chunk, its unused end too: a loop of constant length is the fastest. */
    private static void move(
            float[] weight, float[] gradient, float[] first, float[] second, float decay, float rate, float unbias) {
        for (int i = 0; i < CHUNK; i++) {
            float g = gradient[i];
            float m = KEEP_1 * first[i] + ADD_1 * g;
            float v = KEEP_2 * second[i] + ADD_2 * g * g;
            first[i] = m;
            second[i] = v;
            weight[i] = weight[i] * decay - rate * m / ((float) Math.sqrt(v) * unbias + EPSILON);
        }
    }
}
