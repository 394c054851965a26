package org.noprop.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.noprop.data.EmbeddingTable;
import org.noprop.evaluation.plan.StepTimes;
import org.noprop.label.Head;
import org.noprop.label.Heads;
import org.noprop.network.BaselineNetwork;
import org.noprop.network.Dl4jNetworks;
import org.noprop.network.MemoryFigures;
import org.noprop.network.Method;
import org.noprop.network.Networks;
import org.noprop.training.BaselineLearner;
import org.noprop.training.HeadLearner;
import org.noprop.training.Learner;
import org.noprop.training.PlannedBlock;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingRows;

/** Times training steps on this thread, by the learners that a run trains with. What they learn is thrown away. */
final class StepTimer {
    private static final int SEED = 1;
    private static final int LEAST_STEPS = 10;
    private static final int SMALLER = 4;
    private static final double NANOS = 1e9;
    private static final int AT_ONCE = 2;

    private final Networks networks = new Dl4jNetworks();
    private final TrainingPlan plan;
    private final TrainingRows rows;
    private final int batch;
    private final double patience;

    /** A learner's way through the rows. */
    private final class Walk {
        private final Learner learner;
        private final int[] order;
        private final int count;
        private int position;
        private int epoch = 1;

        Walk(Learner learner, int count) {
            List<Integer> shuffled = new ArrayList<>(
                    IntStream.range(0, rows.training().rows()).boxed().toList());
            Collections.shuffle(shuffled, new Random(SEED));
            this.order = shuffled.stream().mapToInt(Integer::intValue).toArray();
            this.learner = learner;
            this.count = count;
        }

        /** Seconds of a step, the mean of those that fit into the time that is given to it. */
        double mean() {
            int steps = 0;
            long start = System.nanoTime();
            do {
                step();
                steps++;
            } while (steps < LEAST_STEPS || secondsSince(start) < patience);
            return secondsSince(start) / steps;
        }

        private void step() {
            if (position + count > order.length) {
                position = 0;
                epoch++;
            }
            learner.step(epoch, order, position, count);
            position += count;
        }

        /** Steps for the time that is given; returns what they took beyond steps of {@code mean}. */
        Excess warmUp() {
            long start = System.nanoTime();
            int steps = 0;
            do {
                step();
                steps++;
            } while (steps < LEAST_STEPS || secondsSince(start) < patience);
            return new Excess(secondsSince(start), steps);
        }
    }

    private record Excess(double seconds, int steps) {
        double over(double mean) {
            return Math.max(0, seconds - steps * mean);
        }
    }

    /**
     * A timer.
     *
     * @param plan how it is trained
     * @param training rows to train on, at least a batch
     * @param validation rows to look at after an epoch
     * @param patience seconds of steps that each thing is timed by, after as many to warm up
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
        try (PlannedBlock block = PlannedBlock.of(networks, plan, plan.blocks(), SEED)) {
            Learner learner = block.learner(rows);
            Walk walk = new Walk(learner, batch);
            Excess first = walk.warmUp();
            double step = walk.mean();
            MemoryFigures memory = block.network().memory();
            double validation = secondTime(learner::validate);
            RoundTimer.Times round = new RoundTimer(networks, plan, rows).measure(members);
            try (BaselineNetwork network = plan.baselineNetwork(networks, SEED)) {
                Learner baseline = new BaselineLearner(network, plan.labels(), rows, plan.baseline());
                Walk whole = new Walk(baseline, batch);
                whole.warmUp();
                return new StepTimes(
                        step,
                        headStep(),
                        whole.mean(),
                        new Walk(baseline, small).mean(),
                        small,
                        validation,
                        secondTime(baseline::validate),
                        first.over(step),
                        round.member(),
                        Math.max(0, round.average() - validation),
                        readingSeconds,
                        rowBytes,
                        memory.weights() + memory.optimiserState(),
                        network.memory().gradients(),
                        start,
                        sideBySide ? Math.max(1, atOnce() / step) : 1);
            }
        }
    }

    /** Seconds of a block's step while another one makes steps, too. */
    private double atOnce() {
        CyclicBarrier together = new CyclicBarrier(AT_ONCE);
        List<CompletableFuture<Double>> means = IntStream.range(0, AT_ONCE)
                .mapToObj(i ->
                        CompletableFuture.supplyAsync(() -> meanBeside(together), task -> new Thread(task).start()))
                .toList();
        return means.stream().mapToDouble(CompletableFuture::join).average().orElseThrow();
    }

    private double meanBeside(CyclicBarrier together) {
        try (PlannedBlock block = PlannedBlock.of(networks, plan, plan.blocks(), SEED)) {
            Walk walk = new Walk(block.learner(rows), batch);
            walk.step();
            together.await();
            return walk.mean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while timing two blocks at once", e);
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException("The other block failed", e);
        }
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
            Walk walk = new Walk(learner, batch);
            walk.warmUp();
            return walk.mean();
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
