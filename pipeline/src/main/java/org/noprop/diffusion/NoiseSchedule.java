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
    private final double[] alphaBars;

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
    public ChainCoefficients coefficients(int t) {
        return coefficients(t, t);
    }

    /**
     * The coefficients of a step from z_{t-1} straight to z_s: those of Equation 3 in a schedule without the steps
     * between, where α is ᾱ_{t-1}/ᾱ_s.
     *
     * @param t 1 … T
     * @param s t … T
     */
    public ChainCoefficients coefficients(int t, int s) {
        checkStep(t, 1);
        double before = alphaBar(t - 1);
        double after = alphaBars[checkStep(s, t)];
        double alphaBefore = before / after;
        return new ChainCoefficients(
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
