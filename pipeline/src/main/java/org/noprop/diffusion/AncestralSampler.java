package org.noprop.diffusion;

/**
 * NoProp-CT as a chain of as many noisy steps as are made: z_s drawn from q(z_s | z_t, u) with û(z_t, t) in
 * the place of u, s after t, which is Equation 3 of arXiv 2503.24322v2 with ᾱ(t) and ᾱ(s) for ᾱ_{t-1} and
 * ᾱ_t.
 */
public final class AncestralSampler implements TimeSampler {
    private final ContinuousSchedule schedule;
    private float[] estimate = {};

    /** A chain under a schedule. */
    public AncestralSampler(ContinuousSchedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public void step(Estimator estimator, double from, double to, float[] z, float[] noise, int length) {
        if (estimate.length < length) {
            estimate = new float[length];
        }
        estimator.estimate(from, z, estimate);
        new SamplingChain(NoiseSchedule.of(schedule.alphaBar(from), schedule.alphaBar(to)))
                .step(1, estimate, z, noise, length);
    }

    @Override
    public boolean noisy() {
        return true;
    }
}
