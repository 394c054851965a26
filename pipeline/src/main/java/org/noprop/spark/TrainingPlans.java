package org.noprop.spark;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.noprop.config.BaselineConfig;
import org.noprop.config.NetworkConfig;
import org.noprop.config.NoPropConfig;
import org.noprop.config.TrainingConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.InvalidInputException;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.ImagePart;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.OptimiserSettings;
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
                imagePart(config.network(), data),
                settings(config, data, training.epochs(), blockOf(training)),
                settings(config, data, training.headEpochs(), "head"),
                settings(config, data, config.baseline().epochs(), baselineSubject(config.baseline())));
    }

    /** With all that decides its weights beside the epochs. */
    private static String baselineSubject(BaselineConfig baseline) {
        return baseline.trainer() == BaselineConfig.Trainer.LOCAL
                ? "baseline"
                : "baseline by " + baseline.workers() + " workers that average every " + baseline.averageEvery();
    }

    private static LabelEmbedding labels(NoPropConfig config, int classes) {
        return switch (config.label().embedding()) {
            case ONE_HOT -> new OneHotEmbedding(classes);
        };
    }

    private static ImagePart imagePart(NetworkConfig network, EmbeddingDescription data) {
        return switch (network.kind()) {
            case DENSE -> ImagePart.embedding(data.width());
            case CONVOLUTIONAL -> convolutions(network, data.shape());
        };
    }

    private static ImagePart convolutions(NetworkConfig network, List<Integer> shape) {
        if (shape.size() != 3) {
            throw new InvalidInputException("noprop.network.kind = convolutional needs images of shape"
                    + " [height, width, channels], but the image embeddings have the shape " + shape
                    + "; preprocess with embedding.kind = pixels, or set network.kind = dense");
        }
        ImageShape image = new ImageShape(shape.get(0), shape.get(1), shape.get(2));
        try {
            return new ImagePart.Convolutions(image, network.channels(), network.dropout());
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("noprop.network.channels does not fit the images: " + e.getMessage(), e);
        }
    }

    private static TrainingSettings settings(
            NoPropConfig config, EmbeddingDescription data, int epochs, String subject) {
        TrainingConfig training = config.training();
        return new TrainingSettings(
                epochs,
                training.batchSize(),
                OptimiserSettings.adamW(training.learningRate(), training.weightDecay()),
                schedule(training),
                training.checkpointEvery(),
                config.run().seed(),
                fingerprint(config, data, epochs, subject));
    }

    /** What the fingerprint of a block names beside what that of every subject does. */
    private static String blockOf(TrainingConfig training) {
        return training.shards() == 1 ? "block" : "block " + training.shards() + "/" + training.averageEvery();
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
                String.valueOf(training.shuffleBuffer()),
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
