package org.noprop.diffusion;

/** What a sampler in continuous time asks at each step: û(z, t) of NoProp-CT, the velocity v(z, t) of NoProp-FM. */
@FunctionalInterface
public interface Estimator {

    /**
     * Estimates for all rows at once.
     *
     * @param t in [0, 1], the same for all rows
     * @param z n rows of d components; not changed
     * @param output receives as many values
     */
    void estimate(double t, float[] z, float[] output);
}
