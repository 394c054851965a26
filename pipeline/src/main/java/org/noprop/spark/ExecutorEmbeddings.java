package org.noprop.spark;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.Split;
import org.noprop.training.TrainingRows;

/**
 * The image embeddings of a run, read once an executor and shared read-only by all its tasks.
 *
 * <p>The driver broadcasts the reference, which is a path. An executor unpacks a broadcast value once, so
 * that the rows, which do not travel with it, are read by whichever task asks first.
 */
final class ExecutorEmbeddings implements Serializable {
    private final SerializableConfiguration hadoop;
    private final String folder;
    private transient Map<Split, EmbeddingTable> tables;

    ExecutorEmbeddings(SerializableConfiguration hadoop, String folder) {
        this.hadoop = hadoop;
        this.folder = folder;
    }

    /** The training rows, and the validation rows where there are any. */
    TrainingRows trainingRows() {
        EmbeddingTable validation = table(Split.VALIDATION);
        return new TrainingRows(
                table(Split.TRAIN), validation.rows() == 0 ? Optional.empty() : Optional.of(validation));
    }

    /** The rows of a split. */
    synchronized EmbeddingTable table(Split split) {
        if (tables == null) {
            tables = new EnumMap<>(Split.class);
        }
        return tables.computeIfAbsent(
                split, missing -> EmbeddingFolder.open(hadoop.value(), folder).read(missing));
    }
}
