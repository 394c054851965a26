package org.noprop.training;

import java.util.function.Function;
import org.noprop.network.BlockNetwork;
import org.noprop.network.DiscreteStep;
import org.noprop.network.ImageNetwork;
import org.noprop.network.LearnedBlock;
import org.noprop.network.Method;
import org.noprop.network.Networks;
import org.noprop.network.TimeBlock;

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
        if (plan.method() instanceof Method.Discrete method) {
            return plan.labels().trainable()
                    ? learned(networks, plan, method, block, weightSeed)
                    : fixed(networks, plan, method, block, weightSeed);
        }
        return plan.method() instanceof Method.Continuous method
                ? continuous(networks, plan, method, block, weightSeed)
                : flow(networks, plan, (Method.FlowMatching) plan.method(), block, weightSeed);
    }

    private static PlannedBlock fixed(
            Networks networks, TrainingPlan plan, Method.Discrete method, int block, long weightSeed) {
        BlockNetwork network =
                networks.block(plan.image(), plan.labels(), plan.block().optimiser(), weightSeed);
        BlockSettings settings = BlockSettings.of(method.schedule(), block, method.eta(), method.snrWeightCap());
        return new PlannedBlock(
                network, rows -> new BlockLearner(network, settings, plan.labels(), rows, plan.block()));
    }

    private static PlannedBlock learned(
            Networks networks, TrainingPlan plan, Method.Discrete method, int block, long weightSeed) {
        LearnedBlock network = networks.learnedBlock(
                plan.image(),
                plan.labels(),
                plan.headKind(),
                DiscreteStep.of(method.schedule(), block, method.eta(), method.snrWeightCap()),
                plan.block().optimiser(),
                weightSeed);
        return new PlannedBlock(
                network, rows -> new LearnedBlockLearner(network, block, plan.labels(), rows, plan.block()));
    }

    private static PlannedBlock continuous(
            Networks networks, TrainingPlan plan, Method.Continuous method, int block, long weightSeed) {
        TimeBlock network = networks.continuousBlock(
                plan.image(),
                plan.labels(),
                plan.headKind(),
                method.settings(),
                plan.block().optimiser(),
                weightSeed);
        return new PlannedBlock(
                network,
                rows -> new TimeBlockLearner(network, block, method.intervals(), plan.labels(), rows, plan.block()));
    }

    private static PlannedBlock flow(
            Networks networks, TrainingPlan plan, Method.FlowMatching method, int block, long weightSeed) {
        TimeBlock network = networks.flowBlock(
                plan.image(),
                plan.labels(),
                plan.headKind(),
                method.sigma(),
                plan.block().optimiser(),
                weightSeed);
        return new PlannedBlock(
                network,
                rows -> new TimeBlockLearner(network, block, method.intervals(), plan.labels(), rows, plan.block()));
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
