package org.noprop.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
 * @param shuffleBuffer training rows that are shuffled at a time, at least 2; all unless set
 * @param cache bytes of image embeddings that an executor keeps; four fifths of its heap unless set
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
        int averageEvery,
        Optional<Integer> shuffleBuffer,
        Optional<Long> cache) {
    /** The only setting here that decides where rows lie, and nothing of what comes out. */
    static final String CACHE = "cache";

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
                settings.wholeNumber("average-every", Range.atLeast(1)),
                settings.isSet("shuffle-buffer")
                        ? Optional.of(settings.wholeNumber("shuffle-buffer", Range.atLeast(2)))
                        : Optional.empty(),
                settings.optionalBytes(CACHE));
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("epochs", epochs);
        settings.put("batch-size", batchSize);
        settings.put("learning-rate", learningRate);
        settings.put("learning-rate-schedule", Settings.kebab(learningRateSchedule));
        settings.put("weight-decay", weightDecay);
        settings.put("head-epochs", headEpochs);
        settings.put("checkpoint-every", checkpointEvery);
        settings.put("shards", shards);
        settings.put("average-every", averageEvery);
        settings.put("shuffle-buffer", shuffleBuffer.orElse(null));
        settings.put(CACHE, cache.orElse(null));
        return settings;
    }
}
