package org.noprop.diffusion;

import java.io.Serializable;

/**
 * A noise schedule in continuous time t in [0, 1], given by γ(t) = -log SNR(t), which falls strictly with t
 * (Equation 65 of arXiv 2503.24322v2): ᾱ(t) = σ(-γ(t)), SNR(t) = ᾱ(t)/(1-ᾱ(t)) = exp(-γ(t)). t = 0 is
 * nearly pure noise and t = 1 nearly the clean label embedding.
 */
public interface ContinuousSchedule extends Serializable {

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
}
