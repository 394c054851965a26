package org.noprop.training;

import java.util.Optional;
import java.util.stream.IntStream;
import org.noprop.data.EmbeddingRows;

/**
 * The rows that a learner sees.
 *
 * @param training what it learns from
 * @param validation held-out rows, where some were set aside
 * @param shuffleBuffer how many training rows are shuffled at a time, see {@link RowOrder}
 */
public record TrainingRows(EmbeddingRows training, Optional<EmbeddingRows> validation, long shuffleBuffer) {

    /** Rows that are shuffled all at once. */
    public TrainingRows(EmbeddingRows training, Optional<EmbeddingRows> validation) {
        this(training, validation, Long.MAX_VALUE);
    }

    /** The order of the training rows. */
    RowOrder order() {
        return order(IntStream.range(0, training.rows()).toArray());
    }

    /** The order of those of these numbers, ascending. */
    RowOrder order(int[] numbers) {
        return new RowOrder(numbers, training.rowGroups(), training.rows(), shuffleBuffer);
    }
}
