package org.noprop.spark;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.noprop.data.Artifact;
import org.noprop.data.RunFolder;
import org.noprop.training.EpochMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the epochs of a job and tells Spark's listeners, and so its event log, of each that ends. The epochs come from
 * the run folder's metrics files, which tasks write on whatever machine they run; those of a subject that has ended are
 * not read again. It only watches, in a thread of its own: a file system that is slow holds up nothing but this, and
 * whatever fails here leaves the training alone.
 */
final class EpochEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EpochEvents.class);
    private static final long SECONDS_BETWEEN_LOOKS = 2;
    private static final long SECONDS_FOR_THE_LAST_LOOK = 10;

    private final JavaSparkContext spark;
    private final RunFolder run;
    private final List<Subject> subjects;
    private final IntConsumer shown;
    private final int[] ended;
    private final int[] told;
    private final boolean[] over;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "epochs of a training");
        thread.setDaemon(true);
        return thread;
    });
    private final Future<?> looking;
    private int blindLooks;
    private volatile int signs;

    /**
     * Follows a job from now on. Epochs that ended before it are not told again.
     *
     * @param subjects what it trains
     * @param shown told after each look how many epochs have ended, those before the job among them
     */
    EpochEvents(JavaSparkContext spark, RunFolder run, List<Subject> subjects, IntConsumer shown) {
        this.spark = spark;
        this.run = run;
        this.subjects = List.copyOf(subjects);
        this.shown = shown;
        this.ended = new int[subjects.size()];
        this.told = new int[subjects.size()];
        this.over = new boolean[subjects.size()];
        for (int i = 0; i < told.length; i++) {
            told[i] = before(i);
        }
        this.looking = looks.scheduleWithFixedDelay(
                this::look, SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS);
    }

    private int before(int i) {
        try {
            return subjects.get(i).artifact(run).metrics().size();
        } catch (RuntimeException e) {
            LOG.debug("Cannot see how far {} is", subjects.get(i), e);
            return 0;
        }
    }

    /**
     * A number that changes with every look that finds progress, that of a group's members since they last averaged
     * included, and with every look that could not see whether there is any.
     */
    int signsOfLife() {
        return signs;
    }

    /** Tells the last ones. */
    @Override
    public void close() {
        looking.cancel(false);
        looks.execute(this::look);
        looks.shutdown();
        try {
            if (!looks.awaitTermination(SECONDS_FOR_THE_LAST_LOOK, TimeUnit.SECONDS)) {
                looks.shutdownNow();
            }
        } catch (InterruptedException e) {
            looks.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        int members = 0;
        for (int i = 0; i < told.length; i++) {
            if (!over[i]) {
                members += look(i);
            }
        }
        int all = 0;
        for (int of : ended) {
            all += of;
        }
        signs = all + members + blindLooks;
        shown.accept(all);
    }

    /** Returns the epochs of its members since they last averaged. */
    private int look(int i) {
        Artifact artifact = subjects.get(i).artifact(run);
        try {
            boolean finished = artifact.isFinished();
            List<EpochMetrics> lines = EpochMetrics.parse(artifact.metrics(), artifact.path());
            lines.stream().skip(told[i]).forEach(epoch -> tell(subjects.get(i), epoch));
            told[i] = Math.max(told[i], lines.size());
            ended[i] = lines.size();
            over[i] = finished;
            return finished ? 0 : artifact.memberEpochs();
        } catch (RuntimeException e) {
            LOG.debug("Cannot see how far {} is", subjects.get(i), e);
            blindLooks++;
            return 0;
        }
    }

    private void tell(Subject subject, EpochMetrics epoch) {
        spark.sc()
                .listenerBus()
                .post(new EpochEnded(
                        run.id(), subject.toString(), epoch.epoch(), epoch.epochs(), epoch.seconds(), epoch.figures()));
    }
}
