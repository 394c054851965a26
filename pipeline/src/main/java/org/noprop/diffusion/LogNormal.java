package org.noprop.diffusion;

import java.io.Serializable;

/**
 * A log-normal density of the noise level s = √((1-ᾱ)/ᾱ), log s ~ N(mean, deviation²): how much the noise
 * levels matter for training (Karras et al., arXiv 2206.00364; as cuts between blocks, arXiv 2506.14202).
 *
 * @param mean of log s
 * @param deviation of log s, positive
 */
public record LogNormal(double mean, double deviation) implements Serializable {
    /** Beyond as many deviations there is nothing that double precision could tell from nothing. */
    private static final double FAR = 8;

    /**
     * Checks the deviation.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public LogNormal {
        if (!(deviation > 0)) {
            throw new IllegalArgumentException("A log-normal density needs a positive deviation, got " + deviation);
        }
    }

    /** The probability of a noise level below {@code level}, which is at least 0 and may be infinite. */
    public double below(double level) {
        return normal((Math.log(level) - mean) / deviation);
    }

    /** The noise level that a share {@code mass} of all lies below, mass in (0, 1): by halving. */
    double quantile(double mass) {
        double low = -FAR;
        double high = FAR;
        double middle = 0;
        for (int i = 0; i < Double.SIZE && low < middle && middle < high; i++) {
            if (normal(middle) < mass) {
                low = middle;
            } else {
                high = middle;
            }
            middle = (low + high) / 2;
        }
        return Math.exp(mean + deviation * middle);
    }

    /** Φ(x) = ½ + φ(x) Σ_k x^(2k+1)/(1·3·…·(2k+1)). */
    private static double normal(double x) {
        if (x <= -FAR) {
            return 0;
        }
        if (x >= FAR) {
            return 1;
        }
        double term = x;
        double sum = x;
        for (int k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
            term *= x * x / (2 * k + 1);
            sum += term;
        }
        return .5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
