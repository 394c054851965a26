package org.noprop.diffusion;

/**
 * The cosine schedule between two noise levels: ᾱ(t) = cos²(φ(t)), φ falling evenly from φ(0) =
 * atan(exp(γ1/2)) to φ(1) = atan(exp(γ0/2)), so that γ(t) = 2 log tan φ(t). It is Nichol and Dhariwal's
 * (arXiv 2102.09672) with time reversed, cut off at the ends where it would have no noise or no signal.
 *
 * @param gamma0 γ at t = 1, where there is least noise
 * @param gamma1 γ at t = 0, larger than γ0
 */
public record CosineGamma(double gamma0, double gamma1) implements ContinuousSchedule {
    /**
     * Checks the ends.
     *
     * @throws IllegalArgumentException if γ0 is not smaller than γ1
     */
    public CosineGamma {
        LinearGamma.requireFalling(gamma0, gamma1);
    }

    @Override
    public double gamma(double t) {
        return 2 * Math.log(Math.tan(angle(t)));
    }

    @Override
    public double gammaSlope(double t) {
        return 4 * (angle(1) - angle(0)) / Math.sin(2 * angle(t));
    }

    private double angle(double t) {
        double start = Math.atan(Math.exp(gamma1 / 2));
        double end = Math.atan(Math.exp(gamma0 / 2));
        return start + (end - start) * t;
    }
}
