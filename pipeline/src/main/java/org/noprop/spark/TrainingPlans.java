package org.noprop.spark;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.noprop.config.NoPropConfig;
import org.noprop.config.TrainingConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.AdamWSettings;
import org.noprop.training.LearningRateSchedule;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingSettings;

/** Turns a configuration and the data that it meets into the plan that tasks follow. */
final class TrainingPlans {
    private TrainingPlans() {}

    static TrainingPlan of(NoPropConfig config, EmbeddingDescription data) {
        TrainingConfig training = config.training();
        return new TrainingPlan(
                config.diffusion().noiseSchedule(),
                config.diffusion().eta(),
                config.diffusion().snrWeightCap(),
                labels(config, data.classes()),
                data.width(),
                settings(config, data, training.epochs(), "block"),
                settings(config, data, training.headEpochs(), "head"),
                settings(config, data, config.baseline().epochs(), "baseline"));
    }

    private static LabelEmbedding labels(NoPropConfig config, int classes) {
        return switch (config.label().embedding()) {
            case ONE_HOT -> new OneHotEmbedding(classes);
        };
    }

    private static TrainingSettings settings(
            NoPropConfig config, EmbeddingDescription data, int epochs, String subject) {
        TrainingConfig training = config.training();
        return new TrainingSettings(
                epochs,
                training.batchSize(),
                new AdamWSettings(training.learningRate(), training.weightDecay()),
                schedule(training),
                training.checkpointEvery(),
                config.run().seed(),
                fingerprint(config, data, epochs, subject));
    }

    private static LearningRateSchedule schedule(TrainingConfig training) {
        return switch (training.learningRateSchedule()) {
            case CONSTANT -> LearningRateSchedule.CONSTANT;
            case COSINE -> LearningRateSchedule.COSINE;
        };
    }

    /** Of everything that decides the weights: settings that only decide where or when are left out. */
    private static String fingerprint(NoPropConfig config, EmbeddingDescription data, int epochs, String subject) {
        TrainingConfig training = config.training();
        String decisive = String.join(
                "\n",
                subject,
                data.fingerprint(),
                String.valueOf(config.label()),
                String.valueOf(config.diffusion()),
                String.valueOf(config.network()),
                String.valueOf(training.batchSize()),
                String.valueOf(training.learningRate()),
                String.valueOf(training.weightDecay()),
                String.valueOf(training.learningRateSchedule()),
                String.valueOf(config.run().seed()),
                String.valueOf(epochs));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(decisive.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
