package org.noprop.inference;

import java.io.Serializable;

/**
 * How predictions are made.
 *
 * @param seed what all noise is a function of, with the run, the step and the row's id
 * @param noise what ε of each step is multiplied by, 0 … 1; 1 is Equation 3, and with 0 only z_0 is drawn
 * @param runs R, how many noisy runs of the chain, 1 to 10,000 (the paper averages 5)
 * @param batchSize images of a pass through a block, at least 1; it changes no result but for rounding
 */
public record InferenceSettings(long seed, double noise, int runs, int batchSize) implements Serializable {
    /** More say nothing more about a mean, and would keep a job at work for ever. */
    private static final int MOST_RUNS = 10_000;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is violated
     */
    public InferenceSettings {
        if (!(noise >= 0 && noise <= 1)) {
            throw new IllegalArgumentException("Inference needs a noise of 0 to 1, got " + noise);
        }
        if (runs < 1 || runs > MOST_RUNS) {
            throw new IllegalArgumentException("Inference needs 1 to " + MOST_RUNS + " runs, got " + runs);
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("Inference needs a batch size of at least 1, got " + batchSize);
        }
    }

    /**
     * What a trace holds of a row's z at most, in bytes: d floats in each of R noisy runs, as many of blocks alone,
     * the run without noise and the chains of fewer blocks.
     *
     * @param labelWidth d
     */
    public long bytesOfARow(int labelWidth) {
        return (2L * runs + 1 + ShortChain.MOST_LENGTHS) * labelWidth * Float.BYTES;
    }
}
