package org.noprop.training;

import java.io.Serializable;
import org.noprop.tensor.OptimiserSettings;

/**
 * How one artifact (a block, the head, the baseline) is trained.
 *
 * @param epochs passes over the training rows, at least 1
 * @param batchSize rows of a step, at least 2
 * @param optimiser the optimiser's settings
 * @param schedule how the learning rate changes
 * @param regularisation of blocks and baseline
 * @param checkpointEvery epochs between checkpoints, at least 1
 * @param keepEvery epochs between two whose weights are kept, or 0 for none
 * @param seed what every random draw is a function of
 * @param fingerprint names everything that determines the result: an artifact or checkpoint of another
 *     fingerprint is never continued
 */
public record TrainingSettings(
        int epochs,
        int batchSize,
        OptimiserSettings optimiser,
        LearningRateSchedule schedule,
        Regularisation regularisation,
        int checkpointEvery,
        int keepEvery,
        long seed,
        String fingerprint)
        implements Serializable {

    /** The same with another batch size. */
    TrainingSettings withBatchSize(int rows) {
        return new TrainingSettings(
                epochs, rows, optimiser, schedule, regularisation, checkpointEvery, keepEvery, seed, fingerprint);
    }

    /** The same with so many batches a step. */
    TrainingSettings withBatches(int batches) {
        return new TrainingSettings(
                epochs,
                batchSize * batches,
                optimiser,
                schedule,
                regularisation,
                checkpointEvery,
                keepEvery,
                seed,
                fingerprint);
    }
}
