package org.noprop.inference;

import java.util.function.Consumer;
import org.noprop.data.Artifact;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.Head;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LinearHead;
import org.noprop.network.BaselineNetwork;
import org.noprop.network.BlockNetwork;
import org.noprop.network.ImagePart;
import org.noprop.network.Networks;
import org.noprop.tensor.OptimiserSettings;
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
     * The chain of blocks, which it reads one at a time when it comes to them.
     *
     * @throws InvalidInputException if the head, or later a block, is not trained, is damaged or does not
     *     fit the image embeddings
     */
    public NoPropModel noProp(NoiseSchedule schedule) {
        Head head = new LinearHead(labels.width(), labels.classes(), UNUSED.learningRate(), UNUSED.weightDecay());
        load(run.head(), head);
        return new NoPropModel(schedule, labels, this::lend, head);
    }

    /**
     * The baseline, which the caller closes.
     *
     * @param blocks T
     * @throws InvalidInputException as {@link #noProp}
     */
    public BaselineNetwork baseline(int blocks) {
        BaselineNetwork network = networks.baseline(blocks, image, labels, UNUSED, 0);
        load(run.baseline(), network);
        return network;
    }

    private void lend(int t, Consumer<BlockNetwork> use) {
        try (BlockNetwork block = networks.block(image, labels, UNUSED, 0)) {
            load(run.block(t), block);
            use.accept(block);
        }
    }

    private void load(Artifact artifact, Trainable model) {
        try {
            model.loadWeights(artifact.weights());
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    artifact.title() + " in " + artifact.path() + " does not fit image embeddings of width "
                            + image.components() + " and " + labels.classes() + " classes (" + e.getMessage()
                            + "); give the embeddings that it was trained on, or train it again",
                    e);
        }
    }
}
