package org.noprop.training;

import java.util.function.Function;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.BlockNetwork;
import org.noprop.network.DiscreteStep;
import org.noprop.network.ImageNetwork;
import org.noprop.network.ImagePart;
import org.noprop.network.LearnedBlock;
import org.noprop.network.Method;
import org.noprop.network.Networks;
import org.noprop.network.TimeBlock;
import org.noprop.tensor.OptimiserSettings;

/** The network of one block of a plan, untrained, and what it learns by. */
public final class PlannedBlock implements AutoCloseable {
    private final ImageNetwork network;
    private final Function<TrainingRows, Learner> learner;

    private PlannedBlock(ImageNetwork network, Function<TrainingRows, Learner> learner) {
        this.network = network;
        this.learner = learner;
    }

    /**
     * Builds a block.
     *
     * @param networks makes the network
     * @param plan how it is trained
     * @param block its number, 1 … {@link TrainingPlan#blocks}
     * @param weightSeed what its initial weights are drawn from
     */
    public static PlannedBlock of(Networks networks, TrainingPlan plan, int block, long weightSeed) {
        ImagePart image = plan.image();
        LabelEmbedding labels = plan.labels();
        HeadSettings head = plan.headKind();
        OptimiserSettings optimiser = plan.block().optimiser();
        if (plan.method() instanceof Method.Continuous method) {
            TimeBlock network = networks.continuousBlock(image, labels, head, method.settings(), optimiser, weightSeed);
            return timed(network, plan, method.intervals(), block);
        }
        if (plan.method() instanceof Method.FlowMatching method) {
            TimeBlock network = networks.flowBlock(image, labels, head, method.sigma(), optimiser, weightSeed);
            return timed(network, plan, method.intervals(), block);
        }
        Method.Discrete method = (Method.Discrete) plan.method();
        if (labels.trainable()) {
            DiscreteStep step = DiscreteStep.of(method.schedule(), block, method.eta(), method.snrWeightCap());
            LearnedBlock network = networks.learnedBlock(image, labels, head, step, optimiser, weightSeed);
            return new PlannedBlock(
                    network, rows -> new LearnedBlockLearner(network, block, labels, rows, plan.block()));
        }
        BlockSettings settings = BlockSettings.of(method.schedule(), block, method.eta(), method.snrWeightCap());
        BlockNetwork network = networks.block(image, labels, optimiser, weightSeed);
        return new PlannedBlock(network, rows -> new BlockLearner(network, settings, labels, rows, plan.block()));
    }

    private static PlannedBlock timed(TimeBlock network, TrainingPlan plan, TimeIntervals intervals, int block) {
        return new PlannedBlock(
                network, rows -> new TimeBlockLearner(network, block, intervals, plan.labels(), rows, plan.block()));
    }

    /** The network. */
    public ImageNetwork network() {
        return network;
    }

    /** What trains it on these rows. */
    public Learner learner(TrainingRows rows) {
        return learner.apply(rows);
    }

    @Override
    public void close() {
        network.close();
    }
}
