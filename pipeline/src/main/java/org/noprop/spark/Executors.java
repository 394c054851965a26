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
        while (ExecutorSupply.executors(spark) == 0) {
            if (spark.sc().isStopped()) {
                throw new InvalidInputException("Spark gave up on " + spark.master()
                        + ", which does not answer; check its address and that it runs");
            }
            if (System.nanoTime() > deadline) {
                throw new InvalidInputException("No executor of " + spark.master() + " came within "
                        + patience.toSeconds() + " s: " + ExecutorSupply.ofExecutors(spark)
                        + "; check that its workers have so much free, or raise noprop.resources.start-timeout");
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
