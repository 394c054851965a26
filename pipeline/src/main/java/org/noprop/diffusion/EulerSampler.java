package org.noprop.diffusion;

/** Euler's method: z ← z + (to - from) dz/dt, the slope at {@code from}. The paper's, with 1000 steps. */
public final class EulerSampler implements TimeSampler {
    private final Flow flow;
    private float[] slope = {};

    /** Euler's method along a flow. */
    public EulerSampler(Flow flow) {
        this.flow = flow;
    }

    @Override
    public void step(Estimator estimator, double from, double to, float[] z, float[] noise, int length) {
        if (slope.length < length) {
            slope = new float[length];
        }
        estimator.estimate(from, z, slope);
        flow.slope(from, z, slope, length);
        for (int i = 0; i < length; i++) {
            z[i] = (float) (z[i] + (to - from) * slope[i]);
        }
    }

    @Override
    public boolean noisy() {
        return false;
    }
}
