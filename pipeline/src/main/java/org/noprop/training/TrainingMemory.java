package org.noprop.training;

import java.util.Optional;
import org.noprop.data.EmbeddingTable;
import org.noprop.network.Baseline;
import org.noprop.network.Block;

/**
 * How much memory training will take, without training: a network of the plan makes one step on zeros,
 * after which it accounts for all that it holds, and is thrown away.
 */
public final class TrainingMemory {
    private final TrainingPlan plan;

    /** The memory of a plan's networks. */
    public TrainingMemory(TrainingPlan plan) {
        this.plan = plan;
    }

    /** Bytes of one block in training. */
    public long ofBlock() {
        try (Block block = plan.newBlock(1, 0)) {
            step(new BlockLearner(block, plan, 1, oneRowOfZeros()), plan.block().batchSize());
            return block.memory().total();
        }
    }

    /** Bytes of the plan's first baseline in training. */
    public long ofBaseline() {
        try (Baseline network = plan.newBaseline(0)) {
            Learner learner = new BaselineLearner(network, plan.labels(), oneRowOfZeros(), plan.baseline());
            step(learner, plan.baseline().settings().batchSize());
            return network.memory().total();
        }
    }

    private static void step(Learner learner, int rows) {
        int[] sameRow = new int[rows];
        learner.step(1, sameRow, 0, rows);
    }

    private TrainingRows oneRowOfZeros() {
        float[][] images = new float[1][plan.image().components()];
        return new TrainingRows(EmbeddingTable.of(new long[1], new int[1], images), Optional.empty());
    }
}
