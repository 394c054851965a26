package org.noprop.diffusion;

/**
 * The cosine noise schedule: ᾱ_t = g((T-t)/T), g(u) = cos²(((u+s)/(1+s))π/2) / cos²((s/(1+s))π/2), with
 * s = 0.008, clamped to [1e-5, 1-1e-5].
 *
 * <p>The paper names a cosine schedule and gives no formula; this is that of Nichol and Dhariwal (arXiv
 * 2102.09672, Equation 17) with time reversed, because here ᾱ grows with t.
 */
public final class CosineSchedule {
    private static final double OFFSET = 0.008;
    private static final double CLAMP = 1e-5;

    /** The largest T: with more steps, step 1 would be clamped to the ᾱ of step 0 as well. */
    public static final int MOST_STEPS = 492;

    private CosineSchedule() {}

    /**
     * The cosine schedule of {@code steps} steps.
     *
     * @param steps T, 1 … {@link #MOST_STEPS}
     * @throws IllegalArgumentException if it is outside
     */
    public static NoiseSchedule of(int steps) {
        if (steps < 1 || steps > MOST_STEPS) {
            throw new IllegalArgumentException("A cosine schedule has 1 … " + MOST_STEPS + " steps, not " + steps);
        }
        double[] alphaBars = new double[steps + 1];
        for (int t = 0; t <= steps; t++) {
            double noiseTime = (steps - t) / (double) steps;
            alphaBars[t] = Math.min(1 - CLAMP, Math.max(CLAMP, squaredCosine(noiseTime) / squaredCosine(0)));
        }
        return NoiseSchedule.of(alphaBars);
    }

    private static double squaredCosine(double noiseTime) {
        double cosine = Math.cos((noiseTime + OFFSET) / (1 + OFFSET) * Math.PI / 2);
        return cosine * cosine;
    }
}
