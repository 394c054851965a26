package org.noprop.diffusion;

import java.io.Serializable;

/**
 * A noise schedule in continuous time t in [0, 1], given by γ(t) = -log SNR(t), which falls strictly with t
 * (Equation 65 of arXiv 2503.24322v2): ᾱ(t) = σ(-γ(t)), SNR(t) = ᾱ(t)/(1-ᾱ(t)) = exp(-γ(t)). t = 0 is
 * nearly pure noise and t = 1 nearly the clean label embedding.
 */
public sealed interface ContinuousSchedule extends Serializable
        permits ContinuousSchedule.Cosine, ContinuousSchedule.Linear, MonotoneGamma {

    /** γ(t). */
    double gamma(double t);

    /** γ'(t), negative. */
    double gammaSlope(double t);

    /** ᾱ(t), in (0, 1). */
    default double alphaBar(double t) {
        return 1 / (1 + Math.exp(gamma(t)));
    }

    /** SNR(t). */
    default double snr(double t) {
        return Math.exp(-gamma(t));
    }

    /** SNR'(t) = -γ'(t) exp(-γ(t)), positive: the weight of t in the objective (Equations 9 and 62). */
    default double snrSlope(double t) {
        return -gammaSlope(t) * Math.exp(-gamma(t));
    }

    /** The noise level √((1-ᾱ)/ᾱ) = exp(γ(t)/2), which falls with t. */
    default double noiseLevel(double t) {
        return Math.exp(gamma(t) / 2);
    }

    /**
     * The cosine schedule between two noise levels: ᾱ(t) = cos²(φ(t)), φ falling evenly from φ(0) =
     * atan(exp(γ1/2)) to φ(1) = atan(exp(γ0/2)), so that γ(t) = 2 log tan φ(t). It is Nichol and Dhariwal's
     * (arXiv 2102.09672) with time reversed, cut off at the ends where it would have no noise or no signal.
     *
     * @param gamma0 γ at t = 1, where there is least noise
     * @param gamma1 γ at t = 0, larger than γ0
     */
    record Cosine(double gamma0, double gamma1) implements ContinuousSchedule {
        /**
         * Checks the ends.
         *
         * @throws IllegalArgumentException if γ0 is not smaller than γ1
         */
        public Cosine {
            MonotoneGamma.requireFalling(gamma0, gamma1);
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

    /**
     * The schedule γ(t) = γ1 + (γ0 - γ1) t: the logarithm of the signal-to-noise ratio grows evenly.
     *
     * @param gamma0 γ at t = 1, where there is least noise
     * @param gamma1 γ at t = 0, larger than γ0
     */
    record Linear(double gamma0, double gamma1) implements ContinuousSchedule {
        /**
         * Checks the ends.
         *
         * @throws IllegalArgumentException if γ0 is not smaller than γ1
         */
        public Linear {
            MonotoneGamma.requireFalling(gamma0, gamma1);
        }

        @Override
        public double gamma(double t) {
            return gamma1 + (gamma0 - gamma1) * t;
        }

        @Override
        public double gammaSlope(double t) {
            return gamma0 - gamma1;
        }
    }
}
