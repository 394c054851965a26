package org.noprop.diffusion;

/**
 * The chain of inference, z_t = a_t û_t + b_t z_{t-1} + √c_t ε (Equation 3), on plain arrays of n rows of
 * d components. It knows neither labels nor networks.
 */
public final class SamplingChain {
    private final NoiseSchedule schedule;

    /** The chain of a schedule's T steps. */
    public SamplingChain(NoiseSchedule schedule) {
        this.schedule = schedule;
    }

    /** T. */
    public int steps() {
        return schedule.steps();
    }

    /**
     * Replaces z_{t-1} by z_t.
     *
     * @param t 1 … T
     * @param output û_t(z_{t-1}, x), at least {@code length} values
     * @param z z_{t-1} on entry, z_t on return
     * @param noise ε, at least {@code length} standard normal values, or null for the deterministic
     *     chain, which leaves the noise out
     * @param length n·d, how many values of each array count
     */
    public void step(int t, float[] output, float[] z, float[] noise, int length) {
        step(t, t, output, z, noise, length);
    }

    /**
     * Replaces z_{t-1} by z_s, without the blocks between: as {@link #step(int, float[], float[], float[], int)}.
     *
     * @param s t … T
     */
    public void step(int t, int s, float[] output, float[] z, float[] noise, int length) {
        NoiseSchedule.Coefficients coefficients = schedule.coefficients(t, s);
        double deviation = Math.sqrt(coefficients.c());
        for (int i = 0; i < length; i++) {
            double mean = coefficients.a() * output[i] + coefficients.b() * z[i];
            z[i] = (float) (noise == null ? mean : mean + deviation * noise[i]);
        }
    }
}
