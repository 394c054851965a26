package org.noprop.spark;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
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

    private final Map<Integer, String> roundOfStage = new HashMap<>();
    private final Map<String, Exchange> exchanges = new TreeMap<>();
    private int started;
    private int running;

    @Override
    public synchronized void onJobStart(SparkListenerJobStart job) {
        Optional.ofNullable(job.properties().getProperty(ROUND))
                .ifPresent(round -> JavaConverters.seqAsJavaList(job.stageIds())
                        .forEach(stage -> roundOfStage.put((Integer) stage, round)));
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

    /** Tasks that are at work. */
    synchronized int running() {
        return running;
    }

    /** Waits until all that has happened was told: Spark tells its listeners some time after. */
    void awaitLast(JavaSparkContext spark) {
        try {
            spark.sc().listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
        } catch (TimeoutException e) {
            LOG.warn("Spark is behind with telling what tasks exchanged; the figures in profile/ may be too low", e);
        }
    }

    /** What was exchanged, by group and round: "block 3 round 2/5". */
    synchronized Map<String, Exchange> exchanges() {
        return Map.copyOf(exchanges);
    }
}
