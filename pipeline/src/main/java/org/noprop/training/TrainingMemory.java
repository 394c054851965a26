package org.noprop.training;

import java.util.Optional;
import org.noprop.data.EmbeddingTable;
import org.noprop.network.BaselineBatch;
import org.noprop.network.BaselineNetwork;
import org.noprop.network.Networks;

/**
 * How much memory training will take, without training: a network of the plan makes one step on zeros,
 * after which it accounts for all that it holds, and is thrown away.
 */
public final class TrainingMemory {
    private final Networks networks;
    private final TrainingPlan plan;

    /** The memory of a plan's networks. */
    public TrainingMemory(Networks networks, TrainingPlan plan) {
        this.networks = networks;
        this.plan = plan;
    }

    /** Bytes of one block in training. */
    public long ofBlock() {
        int rows = plan.block().batchSize();
        try (PlannedBlock block = PlannedBlock.of(networks, plan, 1, 0)) {
            int[] sameRow = new int[rows];
            block.learner(oneRowOfZeros()).step(1, sameRow, 0, rows);
            return block.network().memory().total();
        }
    }

    private TrainingRows oneRowOfZeros() {
        float[][] images = new float[1][plan.image().components()];
        return new TrainingRows(EmbeddingTable.of(new long[1], new int[1], images), Optional.empty());
    }

    /** Bytes of the plan's first baseline in training. */
    public long ofBaseline() {
        int rows = plan.baseline().settings().batchSize();
        try (BaselineNetwork network = plan.baselineNetwork(networks, 0)) {
            float[] images = new float[rows * network.shape().imageWidth()];
            float[] z = new float[rows * plan.labels().width()];
            network.trainStep(
                    new BaselineBatch(rows, images, z, new int[rows], new long[rows]),
                    plan.baseline().microBatches());
            return network.memory().total();
        }
    }
}
