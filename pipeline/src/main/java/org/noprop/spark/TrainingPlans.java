package org.noprop.spark;

import java.util.List;
import org.noprop.config.BaselineConfig;
import org.noprop.config.DiffusionConfig;
import org.noprop.config.DiffusionConfig.Schedule;
import org.noprop.config.LabelConfig;
import org.noprop.config.LabelConfig.Embedding;
import org.noprop.config.NetworkConfig;
import org.noprop.config.NoPropConfig;
import org.noprop.config.TrainingConfig;
import org.noprop.data.BaselineKind;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.network.ContinuousSettings;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;
import org.noprop.nn.Initialisation;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.training.BaselinePlan;
import org.noprop.training.LearningRateSchedule;
import org.noprop.training.Regularisation;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingSettings;

/** Turns a configuration and the data that it meets into the plan that tasks follow. */
final class TrainingPlans {
    private static final String HEAD = "head";
    private static final String BLOCK = "block";
    private static final int FINGERPRINT_LENGTH = 32;

    private TrainingPlans() {}

    /** The plan of a run whose prototypes, if its label embeddings start from them, are there. */
    static TrainingPlan of(NoPropConfig config, EmbeddingDescription data, RunFolder run) {
        boolean prototypes = config.label().embedding() == Embedding.PROTOTYPE;
        return of(config, data, prototypes ? PrototypeJob.of(run) : new float[0]);
    }

    /** Which baselines a configuration has, in its order. */
    static List<BaselineKind> baselines(NoPropConfig config) {
        return config.baseline().networks().stream()
                .map(network -> switch (network) {
                    case BLOCKS -> BaselineKind.BLOCKS;
                    case MLP -> BaselineKind.MLP;
                })
                .toList();
    }

    private static BaselinePlan baseline(NoPropConfig config, EmbeddingDescription data, BaselineKind kind) {
        return new BaselinePlan(
                kind,
                kind == BaselineKind.MLP ? 0 : config.diffusion().blocks(),
                settings(
                        config,
                        data,
                        config.baseline().epochs(),
                        baselineSubject(config.baseline(), kind),
                        adamW(config.training())),
                config.baseline().microBatches());
    }

    /** A baseline with all that decides its weights beside the epochs. */
    private static String baselineSubject(BaselineConfig baseline, BaselineKind kind) {
        String name = kind.title()
                + (baseline.microBatches() == 1 ? "" : " in " + baseline.microBatches() + " micro-batches");
        return baseline.trainer() == BaselineConfig.Trainer.LOCAL
                ? name
                : name + " by " + baseline.workers() + " workers that average every " + baseline.averageEvery();
    }

    /**
     * The plan of a configuration.
     *
     * @param prototypes the image of each class that its label embedding starts from, m × d row-major; not looked
     *     at where they start otherwise
     */
    static TrainingPlan of(NoPropConfig config, EmbeddingDescription data, float... prototypes) {
        TrainingConfig training = config.training();
        LabelEmbedding labels = labels(config, data, prototypes);
        Method method = method(config.diffusion());
        return new TrainingPlan(
                method,
                labels,
                head(config.label()),
                imagePart(config.network(), data),
                settings(
                        config, data, training.epochs(), blockOf(training, method.shares(labels)), optimiser(training)),
                settings(config, data, training.headEpochs(), HEAD, adamW(training)),
                baselines(config).stream()
                        .map(kind -> baseline(config, data, kind))
                        .toList(),
                training.averageEvery());
    }

    private static Method method(DiffusionConfig diffusion) {
        return switch (diffusion.method()) {
            case DT -> new Method.Discrete(diffusion.noiseSchedule(), diffusion.eta(), diffusion.snrWeightCap());
            case CT -> new Method.Continuous(
                    new ContinuousSettings(
                            diffusion.continuousSchedule(),
                            diffusion.schedule().orElseThrow() == Schedule.TRAINED,
                            diffusion.eta(),
                            diffusion.snrWeightCap()),
                    diffusion.timeIntervals());
            case FM -> new Method.FlowMatching(diffusion.sigma(), diffusion.timeIntervals());
        };
    }

    private static LabelEmbedding labels(NoPropConfig config, EmbeddingDescription data, float... prototypes) {
        long seed = NoiseKey.of(config.run().seed(), Purpose.LABEL_EMBEDDING)
                .generator()
                .nextLong();
        return switch (config.label().embedding()) {
            case ONE_HOT -> new OneHotEmbedding(data.classes());
            case LEARNED -> LearnedEmbedding.initial(
                    data.classes(), config.label().width(), seed);
            case PROTOTYPE -> new PrototypeEmbedding(data.classes(), data.width(), true, prototypes);
        };
    }

    /**
     * Refuses prototypes where an image embedding is no image.
     *
     * @throws InvalidInputException in one sentence
     */
    static void requireImages(NoPropConfig config, EmbeddingDescription data) {
        if (config.label().embedding() == Embedding.PROTOTYPE && data.shape().size() != 3) {
            throw new InvalidInputException("noprop.label.embedding = prototype needs images of shape"
                    + " [height, width, channels], but the image embeddings have the shape " + data.shape()
                    + "; preprocess with embedding.kind = pixels, or set label.embedding = learned");
        }
    }

    /**
     * Refuses to choose an epoch by validation rows where there are none.
     *
     * @throws InvalidInputException in one sentence
     */
    static void requireValidation(NoPropConfig config, EmbeddingDescription data) {
        if (config.training().patience().isPresent() && data.rows().getOrDefault(Split.VALIDATION, 0L) == 0) {
            throw new InvalidInputException("noprop.training.patience needs validation rows, and the image embeddings"
                    + " have none; preprocess with data.validation-fraction above 0, or set training.patience = null");
        }
    }

    private static HeadSettings head(LabelConfig label) {
        return switch (label.head()) {
            case LINEAR -> new HeadSettings.Linear();
            case POSTERIOR -> new HeadSettings.Posterior(label.posteriorSigma());
        };
    }

    private static ImagePart imagePart(NetworkConfig network, EmbeddingDescription data) {
        return switch (network.kind()) {
            case DENSE -> new ImagePart.Embedding(data.width(), network.width(), initialisation(network));
            case CONVOLUTIONAL -> convolutions(network, data.shape());
        };
    }

    private static Initialisation initialisation(NetworkConfig network) {
        return switch (network.initialisation()) {
            case FAN_IN -> Initialisation.FAN_IN;
            case GLOROT -> Initialisation.GLOROT;
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
            NoPropConfig config, EmbeddingDescription data, int epochs, String subject, OptimiserSettings optimiser) {
        TrainingConfig training = config.training();
        return new TrainingSettings(
                epochs,
                training.batchSize(),
                optimiser,
                schedule(training),
                subject.equals(HEAD) ? Regularisation.NONE : regularisation(training),
                training.checkpointEvery(),
                subject.startsWith(BLOCK) ? training.keepEvery().orElse(0) : 0,
                config.run().seed(),
                fingerprint(config, data, epochs, subject, optimiser));
    }

    private static OptimiserSettings adamW(TrainingConfig training) {
        return OptimiserSettings.adamW(training.learningRate(), training.weightDecay());
    }

    private static OptimiserSettings optimiser(TrainingConfig training) {
        return switch (training.optimiser()) {
            case ADAMW -> adamW(training);
            case ADAM -> OptimiserSettings.adam(training.learningRate(), training.weightDecay());
        };
    }

    /** What the fingerprint of a block names beside what that of every subject does. */
    private static String blockOf(TrainingConfig training, boolean shares) {
        return training.shards() == 1 && !shares
                ? BLOCK
                : BLOCK + " " + training.shards() + "/" + training.averageEvery() + " of row groups";
    }

    private static Regularisation regularisation(TrainingConfig training) {
        return new Regularisation(
                training.inputDropout(),
                training.labelNoise(),
                training.warmUp(),
                training.patience().orElse(0));
    }

    private static LearningRateSchedule schedule(TrainingConfig training) {
        return switch (training.learningRateSchedule()) {
            case CONSTANT -> LearningRateSchedule.CONSTANT;
            case COSINE -> LearningRateSchedule.COSINE;
        };
    }

    /** Of everything that decides the weights: settings that only decide where or when are left out. */
    private static String fingerprint(
            NoPropConfig config, EmbeddingDescription data, int epochs, String subject, OptimiserSettings optimiser) {
        LabelConfig label = config.label();
        DiffusionConfig diffusion = config.diffusion();
        DiffusionConfig.Gamma gamma = diffusion.gamma();
        DiffusionConfig.Intervals intervals = diffusion.intervals();
        NetworkConfig network = config.network();
        TrainingConfig training = config.training();
        Regularisation regularisation = regularisation(training);
        return new Fingerprint()
                .line("%s", subject)
                .line("%s", data.fingerprint())
                .line(
                        "LabelConfig[embedding=%s, width=%s, head=%s, posteriorSigma=%s]",
                        label.embedding(), label.width(), label.head(), label.posteriorSigma())
                .line(
                        "DiffusionConfig[method=%s, blocks=%s, schedule=%s, eta=%s, snrWeightCap=%s, gamma=Gamma[atOne=%s,"
                                + " atZero=%s], sigma=%s, noiseLevel=LogNormal[mean=%s, deviation=%s],"
                                + " intervals=Intervals[count=%s, cut=%s, overlap=%s]]",
                        diffusion.method(),
                        diffusion.blocks(),
                        diffusion.schedule(),
                        diffusion.eta(),
                        diffusion.snrWeightCap(),
                        gamma.atOne(),
                        gamma.atZero(),
                        diffusion.sigma(),
                        diffusion.noiseLevel().mean(),
                        diffusion.noiseLevel().deviation(),
                        intervals.count(),
                        intervals.cut(),
                        intervals.overlap())
                .line(
                        "NetworkConfig[kind=%s, width=%s, initialisation=%s, channels=%s, dropout=%s]",
                        network.kind(),
                        network.width(),
                        network.initialisation(),
                        network.channels(),
                        network.dropout())
                .line("%s", training.batchSize())
                .line(
                        "OptimiserSettings[rule=%s, learningRate=%s, weightDecay=%s]",
                        optimiser.rule(), optimiser.learningRate(), optimiser.weightDecay())
                .line("%s", training.learningRateSchedule())
                .line("%s", training.shuffleBuffer())
                .line("%s", config.run().seed())
                .line("%s", epochs)
                .lineUnless(
                        regularisation.equals(Regularisation.NONE),
                        "Regularisation[inputDropout=%s, labelNoise=%s, warmUp=%s, patience=%s]",
                        regularisation.inputDropout(),
                        regularisation.labelNoise(),
                        regularisation.warmUp(),
                        regularisation.patience())
                .hash()
                .substring(0, FINGERPRINT_LENGTH);
    }
}
