package org.noprop.spark;

import java.io.Serializable;
import java.util.Locale;
import org.noprop.config.TrainingConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Split;

/**
 * How tasks get at the rows: from one copy an executor, or streamed by each task for itself.
 *
 * @param cacheBytes bytes of training and validation rows that an executor keeps
 * @param shuffleBuffer training rows that are shuffled at a time
 * @param setting what a user raises to let an executor keep more
 */
record RowAccess(long cacheBytes, long shuffleBuffer, String setting) implements Serializable {

    static RowAccess of(TrainingConfig training, MemoryCheck memory) {
        return new RowAccess(
                training.cache().orElse(memory.usable()),
                training.shuffleBuffer().map(Integer::longValue).orElse(Long.MAX_VALUE),
                training.cache().map(set -> "noprop.training.cache").orElse(memory.setting()));
    }

    /** Whether tasks that only predict stream the rows of a split. */
    boolean streams(Split split, EmbeddingDescription data) {
        return data.bytes(split) > cacheBytes;
    }

    /** Whether tasks stream the training rows. */
    boolean streamsTraining(EmbeddingDescription data) {
        return data.bytes(Split.TRAIN) + data.bytes(Split.VALIDATION) > cacheBytes;
    }

    /** Whether they stream the validation rows, too, because even those are too many to keep. */
    boolean streamsValidation(EmbeddingDescription data) {
        return streams(Split.VALIDATION, data);
    }

    /**
     * Requires that the rows which are in memory at a time fit an executor's heap.
     *
     * @param memory of an executor
     * @param tasks how many run on it at a time
     * @throws InvalidInputException in one sentence, if they do not, or if nothing says how many rows to stream at
     *     a time
     */
    void require(EmbeddingDescription data, MemoryCheck memory, int tasks) {
        long whole = data.bytes(Split.TRAIN) + data.bytes(Split.VALIDATION);
        if (!streamsTraining(data)) {
            memory.require(whole, "The image embeddings take");
            return;
        }
        if (shuffleBuffer == Long.MAX_VALUE) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "The image embeddings take %d MB and an executor keeps at most %d MB; raise %s, or set"
                            + " noprop.training.shuffle-buffer to the rows that a task may hold while it streams them,"
                            + " such as %d",
                    whole >> 20,
                    cacheBytes >> 20,
                    setting,
                    suggestion(data, memory, tasks)));
        }
        long kept = streamsValidation(data) ? 0 : data.bytes(Split.VALIDATION);
        memory.require(
                kept + tasks * shuffleBuffer * data.rowBytes(),
                tasks + " tasks that stream " + shuffleBuffer + " rows at a time take");
    }

    /** A quarter of the heap for all tasks together, in round numbers. */
    private static long suggestion(EmbeddingDescription data, MemoryCheck memory, int tasks) {
        long rows = memory.heap() / 4 / tasks / data.rowBytes();
        long digit = (long) Math.pow(10, Math.floor(Math.log10((double) Math.max(2, rows))));
        return Math.max(2, rows / digit * digit);
    }
}
