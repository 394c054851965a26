package org.noprop.diffusion;

/**
 * Inference in continuous time, one step after another, on plain arrays of n rows of d components. It knows
 * neither labels nor networks.
 *
 * <p>An instance holds scratch arrays: it belongs to one thread.
 */
public interface TimeSampler {

    /**
     * Replaces z at one time by z at a later one.
     *
     * @param estimator û or v, asked at times from {@code from} to {@code to}
     * @param from in [0, 1)
     * @param to after {@code from}, at most 1
     * @param z z at {@code from} on entry, z at {@code to} on return
     * @param noise ε, standard normal, for a sampler that is {@link #noisy}; null leaves the noise out
     * @param length n·d, how many values of each array count
     */
    void step(Estimator estimator, double from, double to, float[] z, float[] noise, int length);

    /** Whether a step adds fresh noise. */
    boolean noisy();

    /** Time i of a grid of {@code steps} even steps: i/steps, exactly 0 and 1 at its ends. */
    static double time(int i, int steps) {
        return i / (double) steps;
    }
}
