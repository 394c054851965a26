package org.noprop.inference;

import java.util.SortedMap;
import java.util.function.Consumer;
import org.noprop.data.Artifact;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.Head;
import org.noprop.label.HeadSettings;
import org.noprop.label.Heads;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.BaselineNetwork;
import org.noprop.network.BlockNetwork;
import org.noprop.network.Denoiser;
import org.noprop.network.DiscreteStep;
import org.noprop.network.ImagePart;
import org.noprop.network.LearnedBlock;
import org.noprop.network.Method;
import org.noprop.network.Networks;
import org.noprop.network.SharingNetwork;
import org.noprop.network.TimeBlock;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;
import org.noprop.tensor.Trainable;

/** The trained models of a run folder, for image embeddings of one width. */
public final class RunModels {
    /** Networks come with an optimiser; these never make a step. */
    private static final OptimiserSettings UNUSED = OptimiserSettings.adamW(1e-3, 0);

    private final RunFolder run;
    private final Networks networks;
    private final ImagePart image;
    private final LabelEmbedding labels;

    /**
     * The models of a run.
     *
     * @param run the run
     * @param networks makes the networks
     * @param image what blocks do with the images that will be classified
     * @param labels the label embedding that the run was trained with
     */
    public RunModels(RunFolder run, Networks networks, ImagePart image, LabelEmbedding labels) {
        this.run = run;
        this.networks = networks;
        this.image = image;
        this.labels = labels;
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
        load(run.head(), head, run.head().weights());
        return new NoPropModel(schedule, labels, this::lend, head);
    }

    private NoPropModel learned(Method.Discrete method, HeadSettings head) {
        CommonParts common = CommonParts.of(run, method, labels);
        LabelEmbedding trained = common.labels(labels);
        Lender<LearnedBlock> lender = (t, use) -> {
            DiscreteStep step = DiscreteStep.of(method.schedule(), t, method.eta(), method.snrWeightCap());
            try (LearnedBlock block = networks.learnedBlock(image, trained, head, step, UNUSED, 0)) {
                load(t, block, common);
                use.accept(block);
            }
        };
        return new NoPropModel(
                method.schedule(),
                trained,
                (t, use) -> lender.lend(t, use::accept),
                use -> lender.lend(method.blocks(), block -> use.accept(block.reader())));
    }

    private TimeModel continuous(Method.Continuous method, HeadSettings head, TimeSettings time) {
        CommonParts common = CommonParts.of(run, method, labels);
        LabelEmbedding trained = common.labels(labels);
        Lender<TimeBlock> lender = (b, use) -> {
            try (TimeBlock block = networks.continuousBlock(image, trained, head, method.settings(), UNUSED, 0)) {
                load(b, block, common);
                use.accept(block);
            }
        };
        return TimeModel.of(method, time, trained, lender::lend, reader(lender, method));
    }

    private TimeModel flow(Method.FlowMatching method, HeadSettings head, TimeSettings time) {
        CommonParts common = CommonParts.of(run, method, labels);
        LabelEmbedding trained = common.labels(labels);
        Lender<TimeBlock> lender = (b, use) -> {
            try (TimeBlock block = networks.flowBlock(image, trained, head, method.sigma(), UNUSED, 0)) {
                load(b, block, common);
                use.accept(block);
            }
        };
        return TimeModel.of(method, time, trained, lender::lend, reader(lender, method));
    }

    /** Reads block number b, hands it to {@code use}, and closes it. */
    private interface Lender<N> {
        void lend(int b, Consumer<N> use);
    }

    private static ReaderSource reader(Lender<TimeBlock> lender, Method method) {
        return use -> lender.lend(method.blocks(), block -> use.accept(block.reader()));
    }

    /**
     * The baseline, which the caller closes.
     *
     * @param blocks T
     * @throws InvalidInputException as {@link #noProp}
     */
    public BaselineNetwork baseline(int blocks) {
        BaselineNetwork network = networks.baseline(blocks, image, labels, UNUSED, 0);
        load(run.baseline(), network, run.baseline().weights());
        return network;
    }

    private void lend(int t, Consumer<Denoiser> use) {
        try (BlockNetwork block = networks.block(image, labels, UNUSED, 0)) {
            load(run.block(t), block, run.block(t).weights());
            use.accept(block);
        }
    }

    private void load(int block, SharingNetwork network, CommonParts common) {
        load(run.block(block), network, common.in(run.block(block).weights()));
    }

    private void load(Artifact artifact, Trainable model, SortedMap<String, Tensor> weights) {
        try {
            model.loadWeights(weights);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    artifact.title() + " in " + artifact.path() + " does not fit image embeddings of width "
                            + image.components() + " and " + labels.classes() + " classes (" + e.getMessage()
                            + "); give the embeddings that it was trained on, or train it again",
                    e);
        }
    }
}
