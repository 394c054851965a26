package org.noprop.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition group under way: its rounds, each a Spark job, one after the other. The next job is
 * submitted as soon as the one before has ended, whatever the other groups do.
 */
final class GroupChain {
    private static final Logger LOG = LoggerFactory.getLogger(GroupChain.class);

    private final JavaSparkContext spark;
    private final TaskResources resources;
    private final String subject;
    private final Iterator<List<TrainingTask>> rounds;
    private final List<TaskOutcome> outcomes = new ArrayList<>();
    private GroupRound round;
    private JavaFutureAction<List<TaskOutcome>> job;
    private Throwable failure;
    private boolean running;

    /**
     * Starts the group by submitting its first round.
     *
     * @param resources what the tasks ask for
     * @param rounds the tasks of one subject, or of blocks that share something, at least one round, in order
     */
    GroupChain(JavaSparkContext spark, TaskResources resources, List<List<TrainingTask>> rounds) {
        this.spark = spark;
        this.resources = resources;
        this.subject = rounds.get(0).get(0).group();
        this.rounds = rounds.iterator();
        this.running = true;
        submit();
    }

    private void submit() {
        List<TrainingTask> tasks = rounds.next();
        job = TrainingEvents.ofRound(spark, tasks.get(0).description(), () -> {
            round = new GroupRound(spark, resources, tasks);
            return round.outcomes().collectAsync();
        });
    }

    /** Goes on if the job under way has ended; says whether the group is still at work. */
    boolean advance() throws InterruptedException {
        if (running && job.isDone()) {
            take();
        }
        return running;
    }

    private void take() throws InterruptedException {
        try {
            List<TaskOutcome> ended = job.get();
            outcomes.addAll(ended);
            running = rounds.hasNext()
                    && ended.stream().allMatch(outcome -> outcome.failure().isEmpty());
        } catch (ExecutionException e) {
            failure = e.getCause();
            running = false;
        }
        round.clean();
        if (running) {
            submit();
        }
    }

    /** Has Spark interrupt its tasks, if the group is still at work; they may go on until they notice. */
    void cancel() {
        if (running) {
            running = false;
            try {
                job.cancel(true);
            } catch (RuntimeException e) {
                LOG.warn("Cannot cancel the training of {}", subject, e);
            }
        }
    }

    /** What it trains: "block 3", or "blocks". */
    String subject() {
        return subject;
    }

    /** What its tasks said, round by round. */
    List<TaskOutcome> outcomes() {
        return outcomes;
    }

    /** Why a job failed; null where none did. */
    Throwable failure() {
        return failure;
    }
}
