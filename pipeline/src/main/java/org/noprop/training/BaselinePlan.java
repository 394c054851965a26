package org.noprop.training;

import java.io.Serializable;
import org.noprop.data.BaselineKind;

/**
 * How a baseline is trained.
 *
 * @param kind which
 * @param blocks T, or 0 for a plain network
 * @param settings epochs, batches, optimiser
 */
public record BaselinePlan(BaselineKind kind, int blocks, TrainingSettings settings) implements Serializable {
    BaselinePlan withBatchSize(int rows) {
        return new BaselinePlan(kind, blocks, settings.withBatchSize(rows));
    }

    /** The same with another number of blocks. */
    public BaselinePlan withBlocks(int count) {
        return new BaselinePlan(kind, count, settings);
    }
}
