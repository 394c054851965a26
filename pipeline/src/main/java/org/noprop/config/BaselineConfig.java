package org.noprop.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.noprop.config.ResourcesConfig.Device;

/**
 * How the baselines are trained, all alike; batch size and optimiser are those of {@link TrainingConfig}.
 *
 * @param networks what they are, at least one, each once
 * @param epochs passes over the training rows, at least 1; that of training unless set
 * @param microBatches parts of a batch whose gradients are summed up before a step, at least 1
 * @param trainer who trains them
 * @param workers tasks among which dl4j-spark divides the batches, at least 1
 * @param averageEvery batches of each worker between two averages, at least 1
 */
public record BaselineConfig(
        List<Network> networks, int epochs, int microBatches, Trainer trainer, int workers, int averageEvery) {
    /** What a baseline is. */
    public enum Network {
        /** The same blocks, end to end. */
        BLOCKS,
        /** A plain classifier of a block's width, without noise. */
        MLP
    }

    /** Who trains a baseline. */
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
                settings.choices("networks", Network.class),
                settings.isSet("epochs") ? settings.wholeNumber("epochs", Range.atLeast(1)) : training.epochs(),
                settings.wholeNumber("micro-batches", Range.atLeast(1)),
                trainer,
                settings.wholeNumber("workers", Range.atLeast(1)),
                settings.wholeNumber("average-every", Range.atLeast(1)));
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("networks", networks.stream().map(Settings::kebab).toList());
        settings.put("epochs", epochs);
        settings.put("micro-batches", microBatches);
        settings.put("trainer", Settings.kebab(trainer));
        settings.put("workers", workers);
        settings.put("average-every", averageEvery);
        return settings;
    }
}
