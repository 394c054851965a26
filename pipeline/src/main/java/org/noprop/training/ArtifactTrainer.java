package org.noprop.training;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.noprop.data.Artifact;
import org.noprop.data.ArtifactState;
import org.noprop.data.Shard;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.Head;
import org.noprop.label.Heads;
import org.noprop.network.Baseline;
import org.noprop.network.Block;
import org.noprop.network.MemoryFigures;
import org.noprop.network.Method;
import org.noprop.tensor.Tensor;

/** Trains one artifact of a plan on rows that are there: what a task does, without Spark. */
public final class ArtifactTrainer {
    private final TrainingPlan plan;
    private final TrainingRows rows;
    private final BooleanSupplier cancelled;

    /** A trainer that nothing cancels. */
    public ArtifactTrainer(TrainingPlan plan, TrainingRows rows) {
        this(plan, rows, () -> false);
    }

    /**
     * A trainer.
     *
     * @param plan how to train
     * @param rows on what
     * @param cancelled asked before each step; once it says so, what trains ends with a
     *     {@link java.util.concurrent.CancellationException}
     */
    public ArtifactTrainer(TrainingPlan plan, TrainingRows rows, BooleanSupplier cancelled) {
        this.plan = plan;
        this.rows = rows;
        this.cancelled = cancelled;
    }

    /**
     * What training left behind.
     *
     * @param state as written to the artifact
     * @param memory native bytes that the network accounted for at its end
     * @param shared what all groups average before the next round, weighted by the training rows
     */
    public record Trained(ArtifactState state, MemoryFigures memory, WeightedTensors shared) {}

    /**
     * What a member of a partition group left behind.
     *
     * @param state what it brings to the average
     * @param memory native bytes that the network accounted for at its end
     */
    public record TrainedMember(MemberState state, MemoryFigures memory) {}

    /** Trains block t to the end. */
    public Trained block(int step, Artifact artifact) {
        return block(step, artifact, Round.whole(plan.block().epochs()), TreeMap::new);
    }

    /**
     * Trains block t for a round.
     *
     * @param step t, 1 … T
     * @param artifact where it is written
     * @param round which epochs
     * @param averages as in {@link EpochLoop#train(Round, Supplier)}
     */
    public Trained block(int step, Artifact artifact, Round round, Supplier<SortedMap<String, Tensor>> averages) {
        return withBlock(step, (learner, network) -> {
            ArtifactState state = loop(learner, artifact, plan.block()).train(round, averages);
            return new Trained(state, network.memory(), sharedOf(learner));
        });
    }

    /**
     * Trains block t on one shard for a round.
     *
     * @param step t, 1 … T
     * @param artifact the block's, which holds the state that all members start from
     * @param round which epochs
     * @param shard which rows
     */
    public TrainedMember member(int step, Artifact artifact, Round round, Shard shard) {
        RowOrder ownRows = rows.order(shard.rowsOf(rows.training()));
        return withBlock(step, (learner, network) -> {
            MemberState state = new MemberLoop(learner, ownRows, artifact, shard, plan.block(), cancelled).train(round);
            return new TrainedMember(state, network.memory());
        });
    }

    /**
     * Averages the members of block t at the end of a round and writes the block's artifact.
     *
     * @param step t, 1 … T
     * @param artifact where it is written
     * @param round which epochs
     * @param members of every shard, in the order of their numbers
     */
    public Trained average(int step, Artifact artifact, Round round, List<MemberState> members) {
        return withBlock(
                step,
                (learner, network) -> new Trained(
                        new MemberAverage(learner, artifact, plan.block()).write(round, members),
                        network.memory(),
                        WeightedTensors.NONE));
    }

    private <R> R withBlock(int number, BiFunction<Learner, Block, R> use) {
        try (Block block = plan.newBlock(number, weightSeed(plan.block().seed(), number))) {
            return use.apply(new BlockLearner(block, plan, number, rows), block);
        }
    }

    /** Trains the head of fixed label embeddings in discrete time, which no block has, to the end. */
    public Trained head(Artifact artifact) {
        TrainingSettings settings = plan.head();
        double learningRate = settings.optimiser().learningRate();
        double weightDecay = settings.optimiser().weightDecay();
        try (Head head = Heads.of(plan.headKind(), plan.labels(), learningRate, weightDecay)) {
            NoiseSchedule schedule = ((Method.Discrete) plan.method()).schedule();
            Learner learner = new HeadLearner(head, plan.labels(), schedule, rows.training(), settings);
            return new Trained(loop(learner, artifact, settings).train(), MemoryFigures.NONE, WeightedTensors.NONE);
        }
    }

    /** Trains the plan's first baseline to the end. */
    public Trained baseline(Artifact artifact) {
        return baseline(artifact, 1, (network, learner) -> learner);
    }

    /**
     * Trains the plan's first baseline to the end by steps that are made elsewhere.
     *
     * @param artifact where it is written
     * @param batches how many batches such a step takes
     * @param elsewhere makes the learner of such steps, of a network and the learner of single batches
     */
    public Trained baseline(Artifact artifact, int batches, BiFunction<Baseline, Learner, Learner> elsewhere) {
        TrainingSettings settings = plan.baseline().settings();
        try (Baseline network = plan.newBaseline(weightSeed(settings.seed(), 0))) {
            Learner learner =
                    elsewhere.apply(network, new BaselineLearner(network, plan.labels(), rows, plan.baseline()));
            EpochLoop loop = loop(learner, artifact, settings.withBatches(batches));
            return new Trained(loop.train(), network.memory(), WeightedTensors.NONE);
        }
    }

    private EpochLoop loop(Learner learner, Artifact artifact, TrainingSettings settings) {
        return new EpochLoop(learner, rows.order(), artifact, settings, cancelled);
    }

    private WeightedTensors sharedOf(Learner learner) {
        return plan.shares()
                ? new WeightedTensors(learner.shared(), rows.training().rows())
                : WeightedTensors.NONE;
    }

    private static long weightSeed(long seed, int block) {
        return NoiseKey.of(seed, Purpose.WEIGHTS).at(block).generator().nextLong();
    }
}
