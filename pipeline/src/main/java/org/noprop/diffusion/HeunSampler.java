package org.noprop.diffusion;

/**
 * Heun's method, of second order: z ← z + (to - from)(s + s')/2, s the slope at {@code from} and s' the slope
 * where a step of Euler's method ends. It asks for two estimates a step.
 */
public final class HeunSampler implements TimeSampler {
    private final Flow flow;
    private float[] first = {};
    private float[] second = {};
    private float[] reached = {};

    /** Heun's method along a flow. */
    public HeunSampler(Flow flow) {
        this.flow = flow;
    }

    @Override
    public void step(Estimator estimator, double from, double to, float[] z, float[] noise, int length) {
        if (first.length < length) {
            first = new float[length];
            second = new float[length];
            reached = new float[length];
        }
        estimator.estimate(from, z, first);
        flow.slope(from, z, first, length);
        for (int i = 0; i < length; i++) {
            reached[i] = (float) (z[i] + (to - from) * first[i]);
        }
        estimator.estimate(to, reached, second);
        flow.slope(to, reached, second, length);
        for (int i = 0; i < length; i++) {
            z[i] = (float) (z[i] + (to - from) / 2 * ((double) first[i] + second[i]));
        }
    }

    @Override
    public boolean noisy() {
        return false;
    }
}
