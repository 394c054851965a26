package org.noprop.config;

import java.util.Map;

/**
 * How a block is trained.
 *
 * @param epochs passes over the training rows, at least 1
 * @param batchSize rows of a step, at least 2
 * @param learningRate AdamW's, positive
 * @param learningRateSchedule how it changes
 * @param weightDecay AdamW's, at least 0
 * @param headEpochs passes of the head, at least 1
 * @param checkpointEvery epochs between checkpoints, at least 1
 * @param shards members that train a block together, each on its part of the rows, at least 1
 * @param averageEvery epochs after which they average, at least 1
 */
public record TrainingConfig(
        int epochs,
        int batchSize,
        double learningRate,
        Schedule learningRateSchedule,
        double weightDecay,
        int headEpochs,
        int checkpointEvery,
        int shards,
        int averageEvery) {
    /** How the learning rate changes over training. */
    public enum Schedule {
        /** Not at all, as in the paper. */
        CONSTANT,
        /** Down to 0 along half a cosine wave. */
        COSINE
    }

    static TrainingConfig read(Settings settings) {
        return new TrainingConfig(
                settings.wholeNumber("epochs", Range.atLeast(1)),
                settings.wholeNumber("batch-size", Range.atLeast(2)),
                settings.number("learning-rate", Range.above(0)),
                settings.choice("learning-rate-schedule", Schedule.class),
                settings.number("weight-decay", Range.atLeast(0)),
                settings.wholeNumber("head-epochs", Range.atLeast(1)),
                settings.wholeNumber("checkpoint-every", Range.atLeast(1)),
                settings.wholeNumber("shards", Range.atLeast(1)),
                settings.wholeNumber("average-every", Range.atLeast(1)));
    }

    Map<String, Object> settings() {
        return Map.of(
                "epochs", epochs,
                "batch-size", batchSize,
                "learning-rate", learningRate,
                "learning-rate-schedule", Settings.kebab(learningRateSchedule),
                "weight-decay", weightDecay,
                "head-epochs", headEpochs,
                "checkpoint-every", checkpointEvery,
                "shards", shards,
                "average-every", averageEvery);
    }
}
