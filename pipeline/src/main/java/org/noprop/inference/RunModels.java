package org.noprop.inference;

import java.util.Optional;
import org.noprop.data.BaselineKind;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.label.Head;
import org.noprop.label.HeadSettings;
import org.noprop.label.Heads;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.Baseline;
import org.noprop.network.Block;
import org.noprop.network.ContinuousSettings;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Trainable;

/** The trained models of a run folder, or the one of an assembled model, for image embeddings of one width. */
public final class RunModels {
    /** Networks come with an optimiser; these never make a step. */
    private static final OptimiserSettings UNUSED = OptimiserSettings.adamW(1e-3, 0);

    private final Optional<RunFolder> run;
    private final ModelParts parts;
    private final ImagePart image;
    private final LabelEmbedding labels;
    private final Shelf shelf;

    /**
     * The models of a run.
     *
     * @param run the run
     * @param image what blocks do with the images that will be classified
     * @param labels the label embedding that the run was trained with
     */
    public RunModels(RunFolder run, ImagePart image, LabelEmbedding labels) {
        this(Optional.of(run), new RunParts(run), image, labels, Shelf.none());
    }

    /**
     * The models of a run with its blocks as they were after an epoch, where their weights of that epoch were kept; those
     * that were not are the trained ones. Other parameters are those of the constructor.
     */
    public static RunModels afterEpoch(RunFolder run, int epoch, ImagePart image, LabelEmbedding labels) {
        return new RunModels(Optional.of(run), new RunParts(run, epoch), image, labels, Shelf.none());
    }

    private RunModels(Optional<RunFolder> run, ModelParts parts, ImagePart image, LabelEmbedding labels, Shelf shelf) {

        this.run = run;
        this.parts = parts;
        this.image = image;
        this.labels = labels;
        this.shelf = shelf;
    }

    /** The model of these parts, whose networks stay on the shelf. */
    static Predictor assembled(ModelParts parts, ModelSettings settings, Shelf shelf) {
        return new RunModels(Optional.empty(), parts, settings.image(), settings.labels(), shelf)
                .predictor(settings.method(), settings.head(), settings.time());
    }

    /**
     * The model of a method, which reads its blocks one at a time when it comes to them.
     *
     * @param method how the run was trained
     * @param headKind which head it has
     * @param time how to go through continuous time; not looked at in discrete time
     * @throws InvalidInputException if a part, or later a block, is not trained, is damaged or does not fit the
     *     image embeddings
     */
    public Predictor predictor(Method method, HeadSettings headKind, TimeSettings time) {
        CommonParts common = CommonParts.of(parts, method, labels);
        LabelEmbedding trained = common.labels(labels);
        Shelf.Lender lender = shelf.lender(number ->
                loaded(Block.create(method, number, image, trained, headKind, UNUSED, 0), withCommon(number, common)));
        BlockSource blocks = (number, use) -> lender.lend(number, use::accept);
        ReaderSource reader = method.headPlace(labels) == Method.HeadPlace.APART
                ? ReaderSource.of(head(headKind))
                : use -> lender.lend(method.blocks(), block -> use.accept(block.reader()));
        if (method instanceof Method.Discrete discrete) {
            return new NoPropModel(discrete.schedule(), trained, blocks, reader);
        }
        if (method instanceof Method.Continuous continuous) {
            return TimeModel.of(continuous, schedule(common, continuous.settings()), time, trained, blocks, reader);
        }
        return TimeModel.of((Method.FlowMatching) method, time, trained, blocks, reader);
    }

    private Head head(HeadSettings headKind) {
        Head head = Heads.of(headKind, labels, UNUSED.learningRate(), UNUSED.weightDecay());
        load(parts.head(), head);
        return head;
    }

    private ContinuousSchedule schedule(CommonParts common, ContinuousSettings settings) {
        try {
            return common.schedule(settings);
        } catch (IllegalArgumentException e) {
            ModelParts.Part part = parts.schedule();
            throw new InvalidInputException(
                    part.title() + " in " + part.path() + " is none (" + e.getMessage() + "); train it again", e);
        }
    }

    /**
     * A baseline, which the caller closes.
     *
     * @param kind which
     * @param blocks T, or 0 of a plain one
     * @throws InvalidInputException as {@link #predictor}
     */
    public Baseline baseline(BaselineKind kind, int blocks) {
        Baseline network = Baseline.create(blocks, image, labels, UNUSED, 0);
        return loaded(network, RunParts.part(run.orElseThrow().baseline(kind)));
    }

    /** A block with what it has in common with the others. */
    private ModelParts.Part withCommon(int block, CommonParts common) {
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
