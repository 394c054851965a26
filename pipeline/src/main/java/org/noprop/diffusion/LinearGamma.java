package org.noprop.diffusion;

/**
 * The schedule γ(t) = γ1 + (γ0 - γ1) t: the logarithm of the signal-to-noise ratio grows evenly.
 *
 * @param gamma0 γ at t = 1, where there is least noise
 * @param gamma1 γ at t = 0, larger than γ0
 */
public record LinearGamma(double gamma0, double gamma1) implements ContinuousSchedule {
    /**
     * Checks the ends.
     *
     * @throws IllegalArgumentException if γ0 is not smaller than γ1
     */
    public LinearGamma {
        requireFalling(gamma0, gamma1);
    }

    @Override
    public double gamma(double t) {
        return gamma1 + (gamma0 - gamma1) * t;
    }

    @Override
    public double gammaSlope(double t) {
        return gamma0 - gamma1;
    }

    static void requireFalling(double gamma0, double gamma1) {
        if (!(gamma0 < gamma1) || Double.isInfinite(gamma1 - gamma0)) {
            throw new IllegalArgumentException("γ must fall from γ1 to γ0, got γ0 = " + gamma0 + " and γ1 = " + gamma1);
        }
    }
}
