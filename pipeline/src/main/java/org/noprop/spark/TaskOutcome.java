package org.noprop.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.noprop.network.MemoryFigures;
import org.noprop.training.TrainingDivergedException;

/**
 * The small record that a training task sends to the driver.
 *
 * @param subject what was trained, for example "block 3"
 * @param round which round of it, from 1
 * @param shard which member of the group, from 1; 0 where one task trains on all rows, or averages
 * @param figures the artifact's last figures, by name
 * @param memory native bytes that the network accounted for
 * @param seconds wall-clock of the task
 * @param readSeconds of which waiting for the rows
 * @param bytesRead compressed bytes of Parquet files that the task read; 0 where another had read them for all
 * @param where who did it; null where it failed before
 * @param problem why it failed in one sentence, by a user's mistake or because training diverged; null where it did not
 * @param diverged whether training diverged
 */
public record TaskOutcome(
        String subject,
        int round,
        int shard,
        Map<String, Double> figures,
        MemoryFigures memory,
        double seconds,
        double readSeconds,
        long bytesRead,
        Where where,
        String problem,
        boolean diverged)
        implements Serializable {

    /**
     * The place of a task.
     *
     * @param executor Spark's id of the executor
     * @param host its host
     * @param thread name of the thread
     * @param attempt Spark's id of the task attempt
     * @param backend the native backend in force
     * @param worker who gives GPUs to the executor: a standalone cluster's worker, elsewhere the host
     * @param gpu the GPU's address at the worker; null where the task had none
     * @param startMillis when the task began, in milliseconds since 1970
     */
    public record Where(
            String executor,
            String host,
            String thread,
            long attempt,
            String backend,
            String worker,
            String gpu,
            long startMillis)
            implements Serializable {}

    /** Copies the figures. */
    public TaskOutcome {
        figures = new TreeMap<>(figures);
    }

    static TaskOutcome failed(String subject, int round, int shard, double seconds, RuntimeException problem) {
        return new TaskOutcome(
                subject,
                round,
                shard,
                Map.of(),
                MemoryFigures.NONE,
                seconds,
                0,
                0,
                null,
                problem.getMessage(),
                problem instanceof TrainingDivergedException);
    }

    /** Why it failed, where it did. */
    public Optional<String> failure() {
        return Optional.ofNullable(problem);
    }
}
