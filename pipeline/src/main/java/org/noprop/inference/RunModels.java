package org.noprop.inference;

import java.util.Optional;
import org.noprop.data.BaselineKind;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.Head;
import org.noprop.label.HeadSettings;
import org.noprop.label.Heads;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.BaselineNetwork;
import org.noprop.network.BlockNetwork;
import org.noprop.network.DiscreteStep;
import org.noprop.network.ImagePart;
import org.noprop.network.LearnedBlock;
import org.noprop.network.Method;
import org.noprop.network.Networks;
import org.noprop.network.TimeBlock;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Trainable;

/** The trained models of a run folder, or the one of an assembled model, for image embeddings of one width. */
public final class RunModels {
    /** Networks come with an optimiser; these never make a step. */
    private static final OptimiserSettings UNUSED = OptimiserSettings.adamW(1e-3, 0);

    private final Optional<RunFolder> run;
    private final ModelParts parts;
    private final Networks networks;
    private final ImagePart image;
    private final LabelEmbedding labels;
    private final Shelf shelf;

    /**
     * The models of a run.
     *
     * @param run the run
     * @param networks makes the networks
     * @param image what blocks do with the images that will be classified
     * @param labels the label embedding that the run was trained with
     */
    public RunModels(RunFolder run, Networks networks, ImagePart image, LabelEmbedding labels) {
        this(Optional.of(run), new RunParts(run), networks, image, labels, Shelf.none());
    }

    /**
     * The models of a run with its blocks as they were after an epoch, where their weights of that epoch were kept; those
     * that were not are the trained ones. Other parameters are those of the constructor.
     */
    public static RunModels afterEpoch(
            RunFolder run, int epoch, Networks networks, ImagePart image, LabelEmbedding labels) {
        return new RunModels(Optional.of(run), new RunParts(run, epoch), networks, image, labels, Shelf.none());
    }

    private RunModels(
            Optional<RunFolder> run,
            ModelParts parts,
            Networks networks,
            ImagePart image,
            LabelEmbedding labels,
            Shelf shelf) {
        this.run = run;
        this.parts = parts;
        this.networks = networks;
        this.image = image;
        this.labels = labels;
        this.shelf = shelf;
    }

    /** The model of these parts, whose networks stay on the shelf. */
    static Predictor assembled(ModelParts parts, Networks networks, ModelSettings settings, Shelf shelf) {
        return new RunModels(Optional.empty(), parts, networks, settings.image(), settings.labels(), shelf)
                .predictor(settings.method(), settings.head(), settings.time());
    }

    /**
     * The model of a method, which reads its blocks one at a time when it comes to them.
     *
     * @param method how the run was trained
     * @param head which head it has
     * @param time how to go through continuous time; not looked at in discrete time
     * @throws InvalidInputException if a part, or later a block, is not trained, is damaged or does not fit the
     *     image embeddings
     */
    public Predictor predictor(Method method, HeadSettings head, TimeSettings time) {
        if (method instanceof Method.Discrete discrete) {
            return labels.trainable() ? learned(discrete, head) : noProp(discrete.schedule(), head);
        }
        return method instanceof Method.Continuous continuous
                ? continuous(continuous, head, time)
                : flow((Method.FlowMatching) method, head, time);
    }

    /**
     * The chain of blocks over fixed label embeddings.
     *
     * @throws InvalidInputException as {@link #predictor}
     */
    public NoPropModel noProp(NoiseSchedule schedule, HeadSettings headKind) {
        Head head = Heads.of(headKind, labels, UNUSED.learningRate(), UNUSED.weightDecay());
        load(parts.head(), head);
        Shelf.Lender<BlockNetwork> lender =
                shelf.lender(t -> loaded(networks.block(image, labels, UNUSED, 0), parts.block(t)));
        return new NoPropModel(schedule, labels, (t, use) -> lender.lend(t, use::accept), head);
    }

    private NoPropModel learned(Method.Discrete method, HeadSettings head) {
        CommonParts common = CommonParts.of(parts, method, labels);
        LabelEmbedding trained = common.labels(labels);
        Shelf.Lender<LearnedBlock> lender = shelf.lender(t -> {
            DiscreteStep step = DiscreteStep.of(method.schedule(), t, method.eta(), method.snrWeightCap());
            return loaded(networks.learnedBlock(image, trained, head, step, UNUSED, 0), whole(t, common));
        });
        return new NoPropModel(
                method.schedule(),
                trained,
                (t, use) -> lender.lend(t, use::accept),
                use -> lender.lend(method.blocks(), block -> use.accept(block.reader())));
    }

    private TimeModel continuous(Method.Continuous method, HeadSettings head, TimeSettings time) {
        CommonParts common = CommonParts.of(parts, method, labels);
        LabelEmbedding trained = common.labels(labels);
        Shelf.Lender<TimeBlock> lender = shelf.lender(b ->
                loaded(networks.continuousBlock(image, trained, head, method.settings(), UNUSED, 0), whole(b, common)));
        return TimeModel.of(method, time, trained, lender::lend, reader(lender, method));
    }

    private TimeModel flow(Method.FlowMatching method, HeadSettings head, TimeSettings time) {
        CommonParts common = CommonParts.of(parts, method, labels);
        LabelEmbedding trained = common.labels(labels);
        Shelf.Lender<TimeBlock> lender = shelf.lender(
                b -> loaded(networks.flowBlock(image, trained, head, method.sigma(), UNUSED, 0), whole(b, common)));
        return TimeModel.of(method, time, trained, lender::lend, reader(lender, method));
    }

    private static ReaderSource reader(Shelf.Lender<TimeBlock> lender, Method method) {
        return use -> lender.lend(method.blocks(), block -> use.accept(block.reader()));
    }

    /**
     * A baseline, which the caller closes.
     *
     * @param kind which
     * @param blocks T, or 0 of a plain one
     * @throws InvalidInputException as {@link #noProp}
     */
    public BaselineNetwork baseline(BaselineKind kind, int blocks) {
        BaselineNetwork network = networks.baseline(blocks, image, labels, UNUSED, 0);
        return loaded(network, RunParts.part(run.orElseThrow().baseline(kind)));
    }

    /** A block with what it has in common with the others. */
    private ModelParts.Part whole(int block, CommonParts common) {
        ModelParts.Part own = parts.block(block);
        return new ModelParts.Part(own.title(), own.path(), common.in(own.weights()));
    }

    private <N extends Trainable> N loaded(N network, ModelParts.Part part) {
        try {
            load(part, network);
            return network;
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private void load(ModelParts.Part part, Trainable model) {
        try {
            model.loadWeights(part.weights());
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    part.title() + " in " + part.path() + " does not fit image embeddings of width "
                            + image.components() + " and " + labels.classes() + " classes (" + e.getMessage()
                            + "); give the embeddings that it was trained on, or train it again",
                    e);
        }
    }
}
