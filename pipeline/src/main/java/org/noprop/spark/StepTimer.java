package org.noprop.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
    private static final int WARM_UP_STEPS = 60;
    private static final int STEPS = 60;
    private static final int SMALLER = 4;
    private static final double NANOS = 1e9;

    private final Networks networks = new Dl4jNetworks();
    private final TrainingPlan plan;
    private final TrainingRows rows;
    private final int[] order;
    private int position;
    private int epoch = 1;

    /**
     * A timer.
     *
     * @param plan how it is trained
     * @param training rows to train on, at least a batch
     * @param validation rows to look at after an epoch
     */
    StepTimer(TrainingPlan plan, EmbeddingTable training, Optional<EmbeddingTable> validation) {
        this.plan = plan;
        this.rows = new TrainingRows(training, validation.map(table -> table));
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, training.rows()).boxed().toList());
        Collections.shuffle(shuffled, new Random(SEED));
        this.order = shuffled.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * Times everything.
     *
     * @param readingSeconds of all training rows
     * @param rowBytes of a row in its file
     */
    StepTimes measure(double readingSeconds, double rowBytes) {
        int batch = Math.min(plan.block().batchSize(), order.length);
        int small = Math.max(2, batch / SMALLER);
        try (PlannedBlock block = PlannedBlock.of(networks, plan, plan.blocks(), SEED)) {
            Learner learner = block.learner(rows);
            double warmUp = seconds(() -> steps(learner, batch, WARM_UP_STEPS));
            double step = median(learner, batch);
            double validation = seconds(learner::validate);
            MemoryFigures memory = block.network().memory();
            double build = seconds(
                    () -> PlannedBlock.of(networks, plan, plan.blocks(), SEED).close());
            try (BaselineNetwork network = plan.baselineNetwork(networks, SEED)) {
                Learner baseline = new BaselineLearner(
                        network, plan.labels(), rows, plan.baseline().settings());
                steps(baseline, batch, WARM_UP_STEPS / SMALLER);
                return new StepTimes(
                        step,
                        headStep(batch),
                        median(baseline, batch),
                        median(baseline, small),
                        small,
                        validation,
                        seconds(baseline::validate),
                        Math.max(0, warmUp - WARM_UP_STEPS * step),
                        build,
                        readingSeconds,
                        rowBytes,
                        memory.weights() + memory.optimiserState(),
                        network.memory().gradients());
            }
        }
    }

    private double headStep(int batch) {
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
            steps(learner, batch, WARM_UP_STEPS);
            return median(learner, batch);
        }
    }

    private double median(Learner learner, int batch) {
        return IntStream.range(0, STEPS)
                .mapToDouble(i -> seconds(() -> steps(learner, batch, 1)))
                .sorted()
                .skip(STEPS / 2)
                .findFirst()
                .orElseThrow();
    }

    private void steps(Learner learner, int batch, int count) {
        for (int step = 0; step < count; step++) {
            if (position + batch > order.length) {
                position = 0;
                epoch++;
            }
            learner.step(epoch, order, position, batch);
            position += batch;
        }
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / NANOS;
    }
}
