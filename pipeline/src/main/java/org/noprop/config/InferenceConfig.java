package org.noprop.config;

/**
 * How the chain is run.
 *
 * @param runs noisy runs to average over, at least 1 (the paper: 5)
 * @param batchSize images of a pass, at least 1
 */
public record InferenceConfig(int runs, int batchSize) {}
