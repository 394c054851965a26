package org.noprop.spark;

import java.util.Optional;
import org.noprop.data.EmbeddingTable;
import org.noprop.evaluation.plan.StepTimes;
import org.noprop.label.Head;
import org.noprop.label.Heads;
import org.noprop.network.Baseline;
import org.noprop.network.Block;
import org.noprop.network.MemoryFigures;
import org.noprop.network.Method;
import org.noprop.training.BaselineLearner;
import org.noprop.training.BlockLearner;
import org.noprop.training.HeadLearner;
import org.noprop.training.Learner;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingRows;

/** Times training steps on this thread, by the learners that a run trains with. What they learn is thrown away. */
final class StepTimer {
    private static final int SEED = 1;
    private static final int SMALLER = 4;
    private static final double NANOS = 1e9;

    private final TrainingPlan plan;
    private final TrainingRows rows;
    private final int batch;
    private final double patience;

    /**
     * A timer.
     *
     * @param plan how it is trained
     * @param training rows to train on, at least a batch
     * @param validation rows to look at after an epoch
     * @param patience seconds of steps that each thing is timed by, after as many to warm up; blocks side by side
     *     take ten times as long
     */
    StepTimer(TrainingPlan plan, EmbeddingTable training, Optional<EmbeddingTable> validation, double patience) {
        this.plan = plan;
        this.rows = new TrainingRows(training, validation.map(table -> table));
        this.batch = Math.min(plan.block().batchSize(), training.rows());
        this.patience = patience;
    }

    /**
     * Times everything.
     *
     * @param start seconds that a job takes before its first task
     * @param readingSeconds of all training rows
     * @param rowBytes of a row in its file
     * @param members K
     * @param sideBySide whether two blocks are timed at once as well
     */
    StepTimes measure(double start, double readingSeconds, double rowBytes, int members, boolean sideBySide) {
        int small = Math.max(2, batch / SMALLER);
        try (Block block = block()) {
            Learner learner = learner(block);
            StepWalk walk = walk(learner, batch);
            BlockPace pace = sideBySide ? inTurns(walk) : BlockPace.alone(walk, patience);
            MemoryFigures memory = block.memory();
            double validation = secondTime(learner::validate);
            RoundTimer.Times round = new RoundTimer(plan, rows).measure(members);
            try (Baseline network = plan.newBaseline(SEED)) {
                Learner baseline = new BaselineLearner(network, plan.labels(), rows, plan.baseline());
                return new StepTimes(
                        pace.step(),
                        headStep(),
                        warmMean(walk(baseline, batch)),
                        walk(baseline, small).timed(patience).mean(),
                        small,
                        validation,
                        secondTime(baseline::validate),
                        pace.warmUp(),
                        round.member(),
                        Math.max(0, round.average() - validation),
                        readingSeconds,
                        rowBytes,
                        memory.weights() + memory.optimiserState(),
                        network.memory().gradients(),
                        start,
                        pace.sideBySide());
            }
        }
    }

    /** Half of the time that is given to a thing is as much as a turn gets: there are several. */
    private BlockPace inTurns(StepWalk walk) {
        try (BlockBeside other = new BlockBeside(this::block, block -> walk(learner(block), batch))) {
            return BlockPace.inTurns(walk, other, patience / 2);
        }
    }

    private Block block() {
        return plan.newBlock(plan.blocks(), SEED);
    }

    private Learner learner(Block block) {
        return new BlockLearner(block, plan, plan.blocks(), rows);
    }

    private StepWalk walk(Learner learner, int count) {
        return new StepWalk(learner, rows.training().rows(), count);
    }

    /** Seconds of a step after as many that do not count. */
    private double warmMean(StepWalk walk) {
        walk.timed(patience);
        return walk.timed(patience).mean();
    }

    private double headStep() {
        if (!(plan.method() instanceof Method.Discrete method)
                || method.headPlace(plan.labels()) != Method.HeadPlace.APART) {
            return 0;
        }
        try (Head head = Heads.of(
                plan.headKind(),
                plan.labels(),
                plan.head().optimiser().learningRate(),
                plan.head().optimiser().weightDecay())) {
            Learner learner = new HeadLearner(head, plan.labels(), method.schedule(), rows.training(), plan.head());
            return warmMean(walk(learner, batch));
        }
    }

    /** Of a thing that has been done before, so that its code is warm. */
    private static double secondTime(Runnable work) {
        work.run();
        long start = System.nanoTime();
        work.run();
        return secondsSince(start);
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / NANOS;
    }
}
