package org.noprop.spark;

import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.noprop.data.Artifact;
import org.noprop.data.RunFolder;
import org.noprop.training.EpochMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Spark's listeners, and so its event log, of each epoch that ends. The epochs come from the run folder's
 * metrics files, which tasks write on whatever machine they run.
 */
final class EpochEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EpochEvents.class);
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final JavaSparkContext spark;
    private final RunFolder run;
    private final List<Subject> subjects;
    private final int[] told;
    private long lastLook = System.nanoTime();

    /**
     * Events of a job. Epochs that ended before it are not told again.
     *
     * @param subjects what it trains
     */
    EpochEvents(JavaSparkContext spark, RunFolder run, List<Subject> subjects) {
        this.spark = spark;
        this.run = run;
        this.subjects = List.copyOf(subjects);
        this.told = new int[subjects.size()];
        for (int i = 0; i < told.length; i++) {
            told[i] = this.subjects.get(i).artifact(run).metrics().size();
        }
    }

    /** Looks, at most once a second, and tells what is new. */
    void look() {
        if (System.nanoTime() - lastLook >= LOOK_NANOS) {
            lastLook = System.nanoTime();
            tell();
        }
    }

    /** Tells the last ones. */
    @Override
    public void close() {
        tell();
    }

    private void tell() {
        for (int i = 0; i < told.length; i++) {
            Subject subject = subjects.get(i);
            Artifact artifact = subject.artifact(run);
            try {
                List<EpochMetrics> ended = EpochMetrics.parse(artifact.metrics());
                ended.stream().skip(told[i]).forEach(epoch -> tell(subject, epoch));
                told[i] = Math.max(told[i], ended.size());
            } catch (UncheckedIOException e) {
                LOG.debug("Metrics of {} are being replaced", subject, e);
            }
        }
    }

    private void tell(Subject subject, EpochMetrics epoch) {
        spark.sc()
                .listenerBus()
                .post(new EpochEnded(
                        run.id(), subject.toString(), epoch.epoch(), epoch.epochs(), epoch.seconds(), epoch.figures()));
    }
}
