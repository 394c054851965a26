package org.noprop.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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
    private List<TrainingTask> tasks;
    private JobRetry retry;
    private OptionalLong again = OptionalLong.empty();
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
        next();
    }

    private void next() {
        tasks = rounds.next();
        retry = new JobRetry(spark.hadoopConfiguration());
        submit();
    }

    private void submit() {
        job = TrainingEvents.ofRound(spark, tasks.get(0).description(), () -> {
            round = new GroupRound(spark, resources, tasks);
            return round.outcomes().collectAsync();
        });
    }

    /**
     * Goes on if the job under way has ended, with the next round, or after a pause with the same where what failed may
     * pass; says whether the group is still at work.
     */
    boolean advance() throws InterruptedException {
        if (again.isPresent()) {
            if (System.nanoTime() - again.getAsLong() >= 0) {
                again = OptionalLong.empty();
                submit();
            }
        } else if (running && job.isDone()) {
            take();
        }
        return running;
    }

    private void take() throws InterruptedException {
        try {
            List<TaskOutcome> ended = job.get();
            round.clean();
            outcomes.addAll(ended);
            running = rounds.hasNext()
                    && ended.stream().allMatch(outcome -> outcome.failure().isEmpty());
            if (running) {
                next();
            }
        } catch (ExecutionException e) {
            round.clean();
            OptionalLong pause = retry.pauseAfter(e.getCause(), "The training of " + subject);
            if (pause.isPresent()) {
                again = OptionalLong.of(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause.getAsLong()));
            } else {
                failure = e.getCause();
                running = false;
            }
        }
    }

    /** Has Spark interrupt its tasks, if the group is still at work; they may go on until they notice. */
    void cancel() {
        if (running) {
            running = false;
            again = OptionalLong.empty();
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
