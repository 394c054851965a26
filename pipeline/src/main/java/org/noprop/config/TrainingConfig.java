package org.noprop.config;

/**
 * How a block is trained.
 *
 * @param epochs passes over the training rows, at least 1
 * @param batchSize rows of a step, at least 2
 * @param learningRate AdamW's, positive
 * @param weightDecay AdamW's, at least 0
 * @param headEpochs passes of the head, at least 1
 * @param checkpointEvery epochs between checkpoints, at least 1
 */
public record TrainingConfig(
        int epochs, int batchSize, double learningRate, double weightDecay, int headEpochs, int checkpointEvery) {}
