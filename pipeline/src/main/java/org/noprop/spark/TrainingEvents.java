package org.noprop.spark;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;

/** What Spark tells of the tasks of partition groups: how many are at work, and what they exchange. */
final class TrainingEvents extends SparkListener {
    /** The local property that names a job's group and round. */
    static final String ROUND = "noprop.round";

    private static final Logger LOG = LoggerFactory.getLogger(TrainingEvents.class);
    private static final long PATIENCE_MILLIS = 10_000;
    private static final long POLL_MILLIS = 20;
    /** Spark's property of a job: whether the threads of its tasks are interrupted when it is cancelled. */
    private static final String INTERRUPT = "spark.job.interruptOnCancel";

    private final Set<Integer> jobs = new HashSet<>();
    private final Map<Integer, String> roundOfStage = new HashMap<>();
    private final Map<String, Exchange> exchanges = new TreeMap<>();
    private int started;
    private int running;

    /**
     * Submits jobs of a round, whose tasks are interrupted if they are cancelled.
     *
     * @param description names group and round: "block 3/10 round 2/5"
     */
    static <R> R ofRound(JavaSparkContext spark, String description, Supplier<R> jobs) {
        String interrupt = spark.getLocalProperty(INTERRUPT);
        spark.setJobDescription(description);
        spark.setLocalProperty(ROUND, description);
        spark.setLocalProperty(INTERRUPT, "true");
        try {
            return jobs.get();
        } finally {
            spark.setJobDescription(null);
            spark.setLocalProperty(ROUND, null);
            spark.setLocalProperty(INTERRUPT, interrupt);
        }
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart job) {
        Optional.ofNullable(job.properties().getProperty(ROUND)).ifPresent(round -> {
            jobs.add(job.jobId());
            JavaConverters.seqAsJavaList(job.stageIds()).forEach(stage -> roundOfStage.put((Integer) stage, round));
        });
    }

    @Override
    public synchronized void onJobEnd(SparkListenerJobEnd job) {
        jobs.remove(job.jobId());
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart task) {
        if (roundOfStage.containsKey(task.stageId())) {
            started++;
            running++;
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
        String round = roundOfStage.get(task.stageId());
        running -= round == null ? 0 : 1;
        TaskMetrics metrics = task.taskMetrics();
        if (round != null && metrics != null) {
            exchanges.merge(
                    round,
                    new Exchange(
                            metrics.shuffleWriteMetrics().bytesWritten(),
                            metrics.shuffleReadMetrics().totalBytesRead(),
                            metrics.inputMetrics().bytesRead(),
                            metrics.outputMetrics().bytesWritten()),
                    Exchange::plus);
        }
    }

    /** Tasks that have started so far, attempts that were repeated included. */
    synchronized int started() {
        return started;
    }

    /** Whether there are jobs and none of their tasks is at work. */
    synchronized boolean waiting() {
        return !jobs.isEmpty() && running == 0;
    }

    /** Tasks that are at work. */
    synchronized int running() {
        return running;
    }

    /**
     * Waits until no task is at work any more, those of cancelled jobs and second attempts included, and all that has
     * happened was told: Spark tells its listeners some time after.
     *
     * @param patience after which tasks that are still at work are left to themselves, with a line in the log
     */
    void awaitLast(JavaSparkContext spark, Duration patience) {
        try {
            spark.sc().listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
        } catch (TimeoutException e) {
            LOG.warn("Spark is behind with telling what tasks exchanged; the figures in profile/ may be too low", e);
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (!spark.sc().isStopped() && running() > 0 && System.nanoTime() < deadline) {
            pause();
        }
        if (running() > 0 && !spark.sc().isStopped()) {
            LOG.error(
                    "{} tasks are still at work {} s after they were cancelled and may write to the run's folder; end"
                            + " their executors before you resume it",
                    running(),
                    patience.toSeconds());
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            LOG.debug("Interrupted while tasks end", e);
        }
    }

    /** What was exchanged, by group and round: "block 3 round 2/5". */
    synchronized Map<String, Exchange> exchanges() {
        return Map.copyOf(exchanges);
    }
}
