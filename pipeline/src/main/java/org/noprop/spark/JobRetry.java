package org.noprop.spark;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.SaveMode;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Retry;
import org.noprop.data.TableFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whether and when a Spark job that failed is submitted again: where its failure may pass, such as a name node that
 * is away. Spark repeats a task some times within seconds, and in local mode not at all. A job is submitted again after
 * 0.1 s, then after twice as long each time up to 8 s, until these pauses together are as long as {@link Retry#SETTING}
 * says. A user's mistake, damage, divergence and a cancellation do not pass.
 */
final class JobRetry {
    private static final Logger LOG = LoggerFactory.getLogger(JobRetry.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 8_000;

    private final long patience;
    private long paused;
    private long pause = FIRST_PAUSE_MILLIS;

    /** For a job that has not failed yet. */
    JobRetry(Configuration hadoop) {
        this.patience = Retry.patience(hadoop).toMillis();
    }

    /**
     * Milliseconds after which a job that failed is to be submitted again; empty if it is not.
     *
     * @param job its name, for the log
     */
    OptionalLong pauseAfter(Throwable failure, String job) {
        if (!Retry.mayPass(failure) || wasTriedAgain(failure)) {
            return OptionalLong.empty();
        }
        if (paused + pause > patience) {
            failure.addSuppressed(new TriedAgain(job));
            return OptionalLong.empty();
        }
        long next = pause;
        LOG.warn(
                "{} failed and is tried again in {} ms: {}",
                job,
                next,
                String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
        paused += next;
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        return OptionalLong.of(next);
    }

    /** A part of a larger job may have tried again already, as long as may be. */
    private static boolean wasTriedAgain(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .flatMap(cause -> Stream.of(cause.getSuppressed()))
                .anyMatch(TriedAgain.class::isInstance);
    }

    /** Beside a failure that did not pass. */
    private static final class TriedAgain extends Exception {
        private TriedAgain(String job) {
            super(job + " was tried again until the time for it was over", null, false, false);
        }
    }

    /**
     * The result of a job, which may be made several times.
     *
     * @param job what must have the same effect when it is done again
     */
    static <R> R of(SparkContext spark, String name, Supplier<R> job) {
        JobRetry retry = new JobRetry(spark.hadoopConfiguration());
        while (true) {
            try {
                return job.get();
            } catch (Exception e) { // Spark throws IOException undeclared, too
                OptionalLong pause = retry.pauseAfter(e, name);
                if (pause.isEmpty()) {
                    throw e;
                }
                sleep(pause.getAsLong());
            }
        }
    }

    /**
     * Writes Parquet to a folder that is not there yet; what an attempt that failed has left there, the next replaces.
     *
     * @param writer with its format
     * @throws InvalidInputException if anything is there, which is left as it is
     */
    static void write(SparkContext spark, DataFrameWriter<?> writer, String folder) {
        TableFolder.at(spark.hadoopConfiguration(), folder).begin();
        of(spark, "Writing " + folder, () -> {
            writer.mode(SaveMode.Overwrite).save(folder);
            return folder;
        });
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted before a job was submitted again", e);
        }
    }
}
