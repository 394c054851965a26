package org.noprop.spark;

import java.util.List;
import org.noprop.data.EmbeddingRows;
import org.noprop.training.TrainingRows;

/**
 * The rows of one task, and what it reads for them.
 *
 * @param rows the rows
 * @param loadedBytes compressed bytes that this task read into memory for all tasks of its executor
 * @param streamed those of the rows that it streams for itself
 */
record TaskRows(TrainingRows rows, long loadedBytes, List<EmbeddingRows> streamed) {

    /** The compressed bytes of Parquet files that the task has read so far. */
    long bytesRead() {
        return loadedBytes
                + streamed.stream().mapToLong(EmbeddingRows::bytesRead).sum();
    }
}
