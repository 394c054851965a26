package org.noprop.config;

import java.util.Map;
import org.noprop.config.ResourcesConfig.Device;

/**
 * How the baseline is trained; batch size and optimiser are those of {@link TrainingConfig}.
 *
 * @param network what it is
 * @param epochs passes over the training rows, at least 1; that of training unless set
 * @param trainer who trains it
 * @param workers tasks among which dl4j-spark divides the batches, at least 1
 * @param averageEvery batches of each worker between two averages, at least 1
 */
public record BaselineConfig(Network network, int epochs, Trainer trainer, int workers, int averageEvery) {
    /** What the baseline is. */
    public enum Network {
        /** The same blocks, end to end. */
        BLOCKS,
        /** A plain classifier of a block's width, without noise. */
        MLP
    }

    /** Who trains the baseline. */
    public enum Trainer {
        /** One Spark task. */
        LOCAL,
        /** dl4j-spark, data-parallel by parameter averaging. */
        DL4J_SPARK
    }

    static BaselineConfig read(Settings settings, TrainingConfig training, Device device) {
        Trainer trainer = settings.choice("trainer", Trainer.class);
        if (trainer == Trainer.DL4J_SPARK && device == Device.GPU) {
            settings.invalid(
                    "trainer", "must be local with noprop.resources.device = gpu: dl4j-spark computes on cores");
        }
        return new BaselineConfig(
                settings.choice("network", Network.class),
                settings.isSet("epochs") ? settings.wholeNumber("epochs", Range.atLeast(1)) : training.epochs(),
                trainer,
                settings.wholeNumber("workers", Range.atLeast(1)),
                settings.wholeNumber("average-every", Range.atLeast(1)));
    }

    Map<String, Object> settings() {
        return Map.of(
                "network", Settings.kebab(network),
                "epochs", epochs,
                "trainer", Settings.kebab(trainer),
                "workers", workers,
                "average-every", averageEvery);
    }
}
