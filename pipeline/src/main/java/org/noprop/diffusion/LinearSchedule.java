package org.noprop.diffusion;

/**
 * The linear noise schedule: ᾱ_t = 1e-5 + (1 - 2e-5) t/T, so that ᾱ grows by the same amount at each step,
 * from as near to 0 as to 1.
 */
public final class LinearSchedule {
    private static final double END = 1e-5;

    private LinearSchedule() {}

    /**
     * The linear schedule of {@code steps} steps.
     *
     * @param steps T, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public static NoiseSchedule of(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("A linear schedule has at least 1 step, not " + steps);
        }
        double[] alphaBars = new double[steps + 1];
        for (int t = 0; t <= steps; t++) {
            alphaBars[t] = END + (1 - 2 * END) * t / steps;
        }
        return NoiseSchedule.of(alphaBars);
    }
}
