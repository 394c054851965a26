package org.noprop.diffusion;

/**
 * The noise schedule whose steps all cover the same probability of a log-normal density of the noise level
 * s_t = √((1-ᾱ_t)/ᾱ_t): with F its distribution function, F(s_t) = F(s_0) + (F(s_T) - F(s_0)) t/T, where s_0
 * and s_T are the noise levels of ᾱ_0 = 1e-5 and ᾱ_T = 1-1e-5; then ᾱ_t = 1/(1 + s_t²).
 */
public final class EqualMassSchedule {
    private static final double END = 1e-5;

    private EqualMassSchedule() {}

    /**
     * The schedule of {@code steps} steps.
     *
     * @param steps T, at least 1
     * @param density of the noise level
     * @throws IllegalArgumentException if a step would have no mass that can be told from none
     */
    public static NoiseSchedule of(int steps, LogNormal density) {
        if (steps < 1) {
            throw new IllegalArgumentException("An equal-mass schedule has at least 1 step, not " + steps);
        }
        double first = density.below(Math.sqrt((1 - END) / END));
        double last = density.below(Math.sqrt(END / (1 - END)));
        double[] alphaBars = new double[steps + 1];
        alphaBars[0] = END;
        alphaBars[steps] = 1 - END;
        for (int t = 1; t < steps; t++) {
            double level = density.quantile(first + (last - first) * t / steps);
            alphaBars[t] = 1 / (1 + level * level);
        }
        return NoiseSchedule.of(alphaBars);
    }
}
