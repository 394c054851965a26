package org.noprop.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs partition groups side by side. Every group is a chain of Spark jobs of its own, submitted at once with
 * the others: none waits for another, and one that fails takes no other with it.
 */
final class PartitionGroups {
    private static final long POLL_MILLIS = 20;

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
     * Trains every group to the end of its last round.
     *
     * @param groups the rounds of each, and each round's tasks, one a shard or one a block; in the order in which
     *     free cores take the groups
     * @param whileWaiting called many times a second until all are done; what it throws ends all groups
     * @return the outcomes of all tasks, group by group
     * @throws GroupFailedException when all have ended, if any failed, naming each
     */
    List<TaskOutcome> train(List<List<List<TrainingTask>>> groups, Runnable whileWaiting) {
        List<GroupChain> chains = new ArrayList<>();
        try {
            groups.forEach(rounds -> chains.add(new GroupChain(spark, resources, rounds)));
            while (advance(chains)) {
                whileWaiting.run();
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            return outcomes(chains);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while blocks were training", e);
        } finally {
            chains.forEach(GroupChain::cancel);
        }
    }

    private static boolean advance(List<GroupChain> chains) throws InterruptedException {
        boolean running = false;
        for (GroupChain chain : chains) {
            running |= chain.advance();
        }
        return running;
    }

    private static List<TaskOutcome> outcomes(List<GroupChain> chains) {
        List<TaskOutcome> outcomes = new ArrayList<>();
        Map<String, String> failures = new LinkedHashMap<>();
        Throwable firstCause = null;
        boolean resumable = false;
        for (GroupChain chain : chains) {
            for (TaskOutcome outcome : chain.outcomes()) {
                outcome.failure().ifPresent(problem -> failures.put(outcome.subject(), problem));
                resumable |= outcome.failure().isPresent() && !outcome.diverged();
                outcomes.add(outcome);
            }
            if (chain.failure() != null) {
                failures.put(chain.subject(), firstLine(chain.failure()));
                firstCause = firstCause == null ? chain.failure() : firstCause;
                resumable = true;
            }
        }
        if (!failures.isEmpty()) {
            throw new GroupFailedException(failures, resumable, firstCause);
        }
        return outcomes;
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse(failure.toString());
    }
}
