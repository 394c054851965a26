package org.noprop.spark;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.noprop.data.InvalidInputException;

/** Waits for a cluster's executors, but not for ever. */
final class Executors {
    private static final long POLL_MILLIS = 200;

    private Executors() {}

    /**
     * Returns as soon as there is an executor; at once in local mode.
     *
     * @throws InvalidInputException in one sentence, if none came in time
     */
    static void await(JavaSparkContext spark, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!spark.isLocal() && spark.sc().statusTracker().getExecutorInfos().length <= 1) {
            if (System.nanoTime() > deadline) {
                throw new InvalidInputException(
                        "No executor of " + spark.master() + " came within "
                                + patience.toSeconds()
                                + " s; check that its workers have the cores and memory that spark.executor.* asks for, or raise noprop.resources.start-timeout");
            }
            sleep();
        }
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for executors", e);
        }
    }
}
