package org.noprop.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.noprop.config.DiffusionConfig.Method;

/**
 * How a block is trained.
 *
 * @param epochs passes over the training rows, at least 1
 * @param batchSize rows of a step, at least 2
 * @param learningRate the optimiser's, positive
 * @param learningRateSchedule how it changes
 * @param warmUp share of all steps in which the learning rate rises to where its schedule begins, in [0, 1)
 * @param weightDecay the optimiser's, at least 0
 * @param inputDropout probability that a component of an image embedding is dropped, in [0, 1)
 * @param labelNoise probability that a row's label is drawn at random for an epoch, in [0, 1)
 * @param patience epochs to wait for a higher accuracy on validation rows before training stops; nothing, to train
 *     to the last epoch
 * @param optimiser of the blocks; the baseline's is AdamW
 * @param headEpochs passes of the head, at least 1
 * @param checkpointEvery epochs between checkpoints, at least 1
 * @param keepEvery epochs between two whose weights are kept, for the learning curve of the chain; none unless set
 * @param shards members that train a block together, each on its part of the rows, at least 1
 * @param averageEvery epochs of a round, after which what is trained in several places is averaged, at least 1
 * @param shuffleBuffer training rows that are shuffled at a time, at least 2; all unless set
 * @param cache bytes of image embeddings that an executor keeps; four fifths of its heap unless set
 */
public record TrainingConfig(
        int epochs,
        int batchSize,
        double learningRate,
        Schedule learningRateSchedule,
        double warmUp,
        double weightDecay,
        double inputDropout,
        double labelNoise,
        Optional<Integer> patience,
        Optimiser optimiser,
        int headEpochs,
        int checkpointEvery,
        Optional<Integer> keepEvery,
        int shards,
        int averageEvery,
        Optional<Integer> shuffleBuffer,
        Optional<Long> cache) {
    private static final String CACHE = "cache";
    private static final String KEEP_EVERY = "keep-every";

    /** The settings here that decide where rows lie and what is kept, and nothing of what comes out. */
    static final List<String> BESIDE_THE_WEIGHTS = List.of(CACHE, KEEP_EVERY);

    /** How the learning rate changes over training. */
    public enum Schedule {
        /** Not at all, as in the paper. */
        CONSTANT,
        /** Down to 0 along half a cosine wave. */
        COSINE
    }

    /** Optimisers. */
    public enum Optimiser {
        /** Adam with weight decay apart from the gradient. */
        ADAMW,
        /** Adam with weight decay as a term of the gradient. */
        ADAM;

        private static Optimiser of(Method method) {
            return method == Method.DT ? ADAMW : ADAM;
        }
    }

    /**
     * Reads the section.
     *
     * @param shared whether blocks train something together
     * @param data whether rows are set aside
     */
    static TrainingConfig read(Settings settings, Method method, boolean shared, DataConfig data) {
        int shards = shards(settings, shared);
        return new TrainingConfig(
                settings.wholeNumber("epochs", Range.atLeast(1)),
                settings.wholeNumber("batch-size", Range.atLeast(2)),
                settings.number("learning-rate", Range.above(0)),
                settings.choice("learning-rate-schedule", Schedule.class),
                settings.number("warm-up", Range.halfOpen(0, 1)),
                settings.number("weight-decay", Range.atLeast(0)),
                settings.number("input-dropout", Range.halfOpen(0, 1)),
                settings.number("label-noise", Range.halfOpen(0, 1)),
                patience(settings, shared || shards > 1, data),
                settings.isSet("optimiser") ? settings.choice("optimiser", Optimiser.class) : Optimiser.of(method),
                settings.wholeNumber("head-epochs", Range.atLeast(1)),
                settings.wholeNumber("checkpoint-every", Range.atLeast(1)),
                keepEvery(settings, shared || shards > 1),
                shards,
                settings.wholeNumber("average-every", Range.atLeast(1)),
                settings.isSet("shuffle-buffer")
                        ? Optional.of(settings.wholeNumber("shuffle-buffer", Range.atLeast(2)))
                        : Optional.empty(),
                settings.optionalBytes(CACHE));
    }

    private static Optional<Integer> patience(Settings settings, boolean averaged, DataConfig data) {
        if (!settings.isSet("patience")) {
            return Optional.empty();
        }
        if (averaged) {
            settings.invalid("patience", "must be null where blocks or shards average between rounds");
        }
        if (data.validationFraction() == 0) {
            settings.invalid(
                    "patience", "must be null with noprop.data.validation-fraction = 0, which sets no images aside");
        }
        return Optional.of(settings.wholeNumber("patience", Range.atLeast(1)));
    }

    private static Optional<Integer> keepEvery(Settings settings, boolean averaged) {
        if (!settings.isSet(KEEP_EVERY)) {
            return Optional.empty();
        }
        if (averaged) {
            settings.invalid(KEEP_EVERY, "must be null where blocks or shards average between rounds");
        }
        return Optional.of(settings.wholeNumber(KEEP_EVERY, Range.atLeast(1)));
    }

    private static int shards(Settings settings, boolean shared) {
        int shards = settings.wholeNumber("shards", Range.atLeast(1));
        if (shared && shards > 1) {
            settings.invalid(
                    "shards",
                    "must be 1 where blocks train label embeddings or their schedule together, which are averaged"
                            + " between blocks");
        }
        return shards;
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("epochs", epochs);
        settings.put("batch-size", batchSize);
        settings.put("learning-rate", learningRate);
        settings.put("learning-rate-schedule", Settings.kebab(learningRateSchedule));
        settings.put("warm-up", warmUp);
        settings.put("weight-decay", weightDecay);
        settings.put("input-dropout", inputDropout);
        settings.put("label-noise", labelNoise);
        settings.put("patience", patience.orElse(null));
        settings.put("optimiser", Settings.kebab(optimiser));
        settings.put("head-epochs", headEpochs);
        settings.put("checkpoint-every", checkpointEvery);
        settings.put(KEEP_EVERY, keepEvery.orElse(null));
        settings.put("shards", shards);
        settings.put("average-every", averageEvery);
        settings.put("shuffle-buffer", shuffleBuffer.orElse(null));
        settings.put(CACHE, cache.orElse(null));
        return settings;
    }
}
