package org.noprop.tensor;

import org.bytedeco.javacpp.FloatPointer;
import org.noprop.tensor.OptimiserSettings.Rule;

/**
 * Moves one flat vector of weights along its gradients ({@link OptimiserSettings}), in float32 as PyTorch
 * does; for AdamW w ← w (1 - lr decay) - lr m̂ / (√v̂ + ε).
 *
 * <p>The moments lie on the Java heap, and everything passes through chunks that stay in the cache: the
 * JIT compiler turns the loop over them into vector instructions, square root included, which ND4J's own
 * Adam and square root are not.
 *
 * <p>Weights of units that have died decay for ever, and below 1e-38, where floats become denormal, each of
 * their products takes a hundred times as long: a fifth of such weights made steps six times as slow. What is
 * too small to count is therefore rounded to 0: weights and v below 4e-28, gradients and m of Adam below 4e-18
 * (ε is 1e-8).
 */
public final class Optimiser {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final float KEEP_1 = (float) BETA_1;
    private static final float ADD_1 = (float) (1 - BETA_1);
    private static final float KEEP_2 = (float) BETA_2;
    private static final float ADD_2 = (float) (1 - BETA_2);
    private static final float EPSILON = 1e-8f;
    /** Adding and taking it away rounds to multiples of 8.5e-28. */
    private static final float FINE = 1e-20f;
    /** Adding and taking it away rounds to multiples of 6.9e-18, whose squares are no denormals. */
    private static final float COARSE = 1e-10f;

    private static final int CHUNK = 1024;

    private final Rule rule;
    private final double weightDecay;
    private final float[] first;
    private final float[] second;
    private final Chunk chunk = new Chunk();
    private double learningRate;
    private int steps;

    /**
     * No step taken, moments of 0.
     *
     * @param length how many weights
     */
    public Optimiser(OptimiserSettings settings, int length) {
        this.rule = settings.rule();
        this.learningRate = settings.learningRate();
        this.weightDecay = settings.weightDecay();
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
        float keep = (float) (rule == Rule.ADAMW ? 1 - learningRate * weightDecay : 1);
        float rate = (float) (learningRate / (1 - Math.pow(BETA_1, steps)));
        float unbias = (float) (1 / Math.sqrt(1 - Math.pow(BETA_2, steps)));
        long weightStart = weights.position();
        long gradientStart = gradients.position();
        for (int start = 0; start < first.length; start += CHUNK) {
            int count = Math.min(CHUNK, first.length - start);
            weights.position(weightStart + start).get(chunk.weight, 0, count);
            gradients.position(gradientStart + start).get(chunk.gradient, 0, count);
            if (rule != Rule.ADAMW) {
                addDecay(chunk.gradient, chunk.weight, (float) weightDecay);
            }
            if (rule == Rule.SGD) {
                descend(chunk.weight, chunk.gradient, (float) learningRate);
            } else {
                System.arraycopy(first, start, chunk.first, 0, count);
                System.arraycopy(second, start, chunk.second, 0, count);
                move(chunk.weight, chunk.gradient, chunk.first, chunk.second, keep, rate, unbias);
                System.arraycopy(chunk.first, 0, first, start, count);
                System.arraycopy(chunk.second, 0, second, start, count);
            }
            weights.put(chunk.weight, 0, count);
        }
        weights.position(weightStart);
        gradients.position(gradientStart);
    }

    /** Changes lr for the steps to come. */
    public void setLearningRate(double learningRate) {
        this.learningRate = learningRate;
    }

    /** m, 0 for a rule without moments; the array itself. */
    public float[] first() {
        return first;
    }

    /** v, likewise; the array itself. */
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

    private static void addDecay(float[] gradient, float[] weight, float decay) {
        for (int i = 0; i < CHUNK; i++) {
            gradient[i] += decay * weight[i];
        }
    }

    private static void descend(float[] weight, float[] gradient, float rate) {
        for (int i = 0; i < CHUNK; i++) {
            weight[i] = weight[i] - rate * gradient[i] + FINE - FINE;
        }
    }

    /** Moves a whole chunk, its unused end too: a loop of constant length is the fastest. */
    private static void move(
            float[] weight, float[] gradient, float[] first, float[] second, float keep, float rate, float unbias) {
        for (int i = 0; i < CHUNK; i++) {
            float g = gradient[i] + COARSE - COARSE;
            float m = KEEP_1 * first[i] + ADD_1 * g + COARSE - COARSE;
            float v = KEEP_2 * second[i] + ADD_2 * g * g + FINE - FINE;
            first[i] = m;
            second[i] = v;
            weight[i] = weight[i] * keep - rate * m / ((float) Math.sqrt(v) * unbias + EPSILON) + FINE - FINE;
        }
    }
}
