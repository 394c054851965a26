package org.noprop.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs partition groups side by side. Every group is a Spark job of its own, submitted at once with the
 * others: none waits for another, and one that fails takes no other with it.
 */
final class PartitionGroups {
    private static final long POLL_MILLIS = 200;

    private final JavaSparkContext spark;
    private final TaskResources resources;

    /**
     * Groups of one job.
     *
     * @param resources what their tasks ask for
     */
    PartitionGroups(JavaSparkContext spark, TaskResources resources) {
        this.spark = spark;
        this.resources = resources;
    }

    /**
     * Trains every task's subject.
     *
     * @param tasks one a group, in the order in which free cores take them
     * @param whileWaiting called several times a second until all are done
     * @return the outcomes, in the order of the tasks
     * @throws GroupFailedException when all have ended, if any failed, naming each
     */
    List<TaskOutcome> train(List<TrainingTask> tasks, Runnable whileWaiting) {
        Map<String, JavaFutureAction<List<TaskOutcome>>> groups = new LinkedHashMap<>();
        try {
            for (TrainingTask task : tasks) {
                groups.put(task.subject().toString(), submit(task));
            }
            return await(groups, whileWaiting);
        } catch (InterruptedException e) {
            groups.values().forEach(group -> group.cancel(true));
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while blocks were training", e);
        }
    }

    private JavaFutureAction<List<TaskOutcome>> submit(TrainingTask task) {
        spark.setJobDescription(task.subject().description(task.plan().blocks()));
        try {
            return resources
                    .on(spark.parallelize(List.of(task), 1).map(TrainingTask::run))
                    .collectAsync();
        } finally {
            spark.setJobDescription(null);
        }
    }

    private static List<TaskOutcome> await(
            Map<String, JavaFutureAction<List<TaskOutcome>>> groups, Runnable whileWaiting)
            throws InterruptedException {
        List<TaskOutcome> outcomes = new ArrayList<>();
        Map<String, String> failures = new LinkedHashMap<>();
        Throwable firstCause = null;
        for (Map.Entry<String, JavaFutureAction<List<TaskOutcome>>> group : groups.entrySet()) {
            try {
                TaskOutcome outcome = await(group.getValue(), whileWaiting).get(0);
                outcome.failure().ifPresent(problem -> failures.put(group.getKey(), problem));
                outcomes.add(outcome);
            } catch (ExecutionException e) {
                failures.put(group.getKey(), firstLine(e.getCause()));
                firstCause = firstCause == null ? e.getCause() : firstCause;
            }
        }
        whileWaiting.run();
        if (!failures.isEmpty()) {
            throw new GroupFailedException(failures, firstCause);
        }
        return outcomes;
    }

    private static List<TaskOutcome> await(JavaFutureAction<List<TaskOutcome>> group, Runnable whileWaiting)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return group.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                whileWaiting.run();
            }
        }
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse(failure.toString());
    }
}
