package org.noprop.diffusion;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The noise schedule of a chain of T steps: ᾱ_0 … ᾱ_T, strictly increasing in (0, 1).
 *
 * <p>Step 0 is pure noise and step T nearly the clean label embedding, so that ᾱ_t and the
 * signal-to-noise ratio SNR(t) = ᾱ_t/(1-ᾱ_t) grow with t: the reverse of DDPM's t. Equations 5 and 6
 * of arXiv 2503.24322v2: q(z_t | y) = N(√ᾱ_t u_y, (1-ᾱ_t) I), ᾱ_t = ∏_{s=t..T} α_s.
 */
public final class NoiseSchedule implements Serializable {
    /** The largest T of a cosine schedule: with more steps, step 1 would be clamped to the ᾱ of step 0 as well. */
    public static final int MOST_COSINE_STEPS = 492;

    private static final double COSINE_OFFSET = 0.008;
    /** How near ᾱ comes to 0, and to 1. */
    private static final double END = 1e-5;

    private final double[] alphaBars;

    /**
     * The coefficients of one step of the chain, z_t = a û + b z_{t-1} + √c ε (Equation 3 of arXiv
     * 2503.24322v2).
     *
     * @param a weight of the block's output û
     * @param b weight of the block's input z_{t-1}
     * @param c variance of the fresh noise
     */
    public record Coefficients(double a, double b, double c) {}

    private NoiseSchedule(double[] alphaBars) {
        this.alphaBars = alphaBars;
    }

    /**
     * The schedule with the given ᾱ_0 … ᾱ_T.
     *
     * @param alphaBars T + 1 values, T at least 1, strictly increasing, each in (0, 1)
     * @throws IllegalArgumentException if they are not
     */
    public static NoiseSchedule of(double... alphaBars) {
        if (alphaBars.length < 2) {
            throw new IllegalArgumentException("A noise schedule needs at least two values, got " + alphaBars.length);
        }
        for (int t = 0; t < alphaBars.length; t++) {
            if (!(alphaBars[t] > 0 && alphaBars[t] < 1)) {
                throw new IllegalArgumentException("ᾱ_" + t + " must be in (0, 1), got " + alphaBars[t]);
            }
            if (t > 0 && alphaBars[t] <= alphaBars[t - 1]) {
                throw new IllegalArgumentException("ᾱ must grow with t: ᾱ_" + (t - 1) + " = " + alphaBars[t - 1]
                        + ", ᾱ_" + t + " = " + alphaBars[t]);
            }
        }
        return new NoiseSchedule(alphaBars.clone());
    }

    /**
     * The cosine schedule: ᾱ_t = g((T-t)/T), g(u) = cos²(((u+s)/(1+s))π/2) / cos²((s/(1+s))π/2), with s = 0.008, clamped
     * to [1e-5, 1-1e-5]. The paper names a cosine schedule and gives no formula; this is that of Nichol and Dhariwal
     * (arXiv 2102.09672, Equation 17) with time reversed, because here ᾱ grows with t.
     *
     * @param steps T, 1 … {@link #MOST_COSINE_STEPS}
     * @throws IllegalArgumentException if it is outside
     */
    public static NoiseSchedule cosine(int steps) {
        if (steps < 1 || steps > MOST_COSINE_STEPS) {
            throw new IllegalArgumentException(
                    "A cosine schedule has 1 … " + MOST_COSINE_STEPS + " steps, not " + steps);
        }
        double[] alphaBars = new double[steps + 1];
        for (int t = 0; t <= steps; t++) {
            double noiseTime = (steps - t) / (double) steps;
            alphaBars[t] = Math.min(1 - END, Math.max(END, squaredCosine(noiseTime) / squaredCosine(0)));
        }
        return of(alphaBars);
    }

    private static double squaredCosine(double noiseTime) {
        double cosine = Math.cos((noiseTime + COSINE_OFFSET) / (1 + COSINE_OFFSET) * Math.PI / 2);
        return cosine * cosine;
    }

    /**
     * The linear schedule: ᾱ_t = 1e-5 + (1 - 2e-5) t/T, so that ᾱ grows by the same amount at each step, from as near to 0 as
     * to 1.
     *
     * @param steps T, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public static NoiseSchedule linear(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("A linear schedule has at least 1 step, not " + steps);
        }
        double[] alphaBars = new double[steps + 1];
        for (int t = 0; t <= steps; t++) {
            alphaBars[t] = END + (1 - 2 * END) * t / steps;
        }
        return of(alphaBars);
    }

    /**
     * The schedule whose steps all cover the same probability of a log-normal density of the noise level s_t =
     * √((1-ᾱ_t)/ᾱ_t): with F its distribution function, F(s_t) = F(s_0) + (F(s_T) - F(s_0)) t/T, where s_0 and s_T are the
     * noise levels of ᾱ_0 = 1e-5 and ᾱ_T = 1-1e-5; then ᾱ_t = 1/(1 + s_t²).
     *
     * @param steps T, at least 1
     * @param density of the noise level
     * @throws IllegalArgumentException if a step would have no mass that can be told from none
     */
    public static NoiseSchedule equalMass(int steps, LogNormal density) {
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
        return of(alphaBars);
    }

    /** T, the number of steps, which is the number of blocks. */
    public int steps() {
        return alphaBars.length - 1;
    }

    /**
     * ᾱ_t of Equation 6.
     *
     * @param t 0 … T
     */
    public double alphaBar(int t) {
        return alphaBars[checkStep(t, 0)];
    }

    /**
     * α_t: ᾱ_t/ᾱ_{t+1} for t below T, and α_T = ᾱ_T.
     *
     * @param t 0 … T
     */
    public double alpha(int t) {
        checkStep(t, 0);
        return t == steps() ? alphaBars[t] : alphaBars[t] / alphaBars[t + 1];
    }

    /**
     * SNR(t) = ᾱ_t/(1-ᾱ_t).
     *
     * @param t 0 … T
     */
    public double snr(int t) {
        return alphaBar(t) / (1 - alphaBar(t));
    }

    /**
     * SNR(t) - SNR(t-1), positive, the weight of block t in the objective (Equation 8).
     *
     * @param t 1 … T
     */
    public double snrGain(int t) {
        checkStep(t, 1);
        return snr(t) - snr(t - 1);
    }

    /**
     * The coefficients of chain step t (Equation 3).
     *
     * @param t 1 … T
     */
    public Coefficients coefficients(int t) {
        return coefficients(t, t);
    }

    /**
     * The coefficients of a step from z_{t-1} straight to z_s: those of Equation 3 in a schedule without the steps
     * between, where α is ᾱ_{t-1}/ᾱ_s.
     *
     * @param t 1 … T
     * @param s t … T
     */
    public Coefficients coefficients(int t, int s) {
        checkStep(t, 1);
        double before = alphaBar(t - 1);
        double after = alphaBars[checkStep(s, t)];
        double alphaBefore = before / after;
        return new Coefficients(
                Math.sqrt(after) * (1 - alphaBefore) / (1 - before),
                Math.sqrt(alphaBefore) * (1 - after) / (1 - before),
                (1 - after) * (1 - alphaBefore) / (1 - before));
    }

    private int checkStep(int t, int least) {
        if (t < least || t > steps()) {
            throw new IllegalArgumentException("Step " + t + " is outside " + least + " … " + steps());
        }
        return t;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoiseSchedule that && Arrays.equals(alphaBars, that.alphaBars);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(alphaBars);
    }

    @Override
    public String toString() {
        return "NoiseSchedule" + Arrays.toString(alphaBars);
    }
}
