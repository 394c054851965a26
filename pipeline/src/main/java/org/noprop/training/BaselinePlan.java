package org.noprop.training;

import java.io.Serializable;
import org.noprop.data.BaselineKind;

/**
 * How a baseline is trained.
 *
 * @param kind which
 * @param blocks T, or 0 for a plain network
 * @param settings epochs, batches, optimiser
 * @param microBatches parts of a batch that go through the network one after the other, at least 1
 */
public record BaselinePlan(BaselineKind kind, int blocks, TrainingSettings settings, int microBatches)
        implements Serializable {
    BaselinePlan withBatchSize(int rows) {
        return new BaselinePlan(kind, blocks, settings.withBatchSize(rows), microBatches);
    }

    /** The same with another number of micro-batches. */
    public BaselinePlan withMicroBatches(int count) {
        return new BaselinePlan(kind, blocks, settings, count);
    }

    /** The same with another number of blocks. */
    public BaselinePlan withBlocks(int count) {
        return new BaselinePlan(kind, count, settings, microBatches);
    }
}
