package org.noprop.spark;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import me.tongfei.progressbar.ProgressBar;
import org.noprop.data.Artifact;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how far training is: a bar on a terminal, plain lines elsewhere. It counts the epochs in the run
 * folder's metrics files, which tasks write on whatever machine they run.
 */
final class TrainingProgress implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingProgress.class);
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final int LINES = 10;

    private final String command;
    private final List<Artifact> artifacts;
    private final int epochs;
    private final Optional<ProgressBar> bar;
    private long lastLook = System.nanoTime();
    private int shown;
    private int seen;

    private TrainingProgress(String command, List<Artifact> artifacts, int epochs, Optional<ProgressBar> bar) {
        this.command = command;
        this.artifacts = artifacts;
        this.epochs = epochs;
        this.bar = bar;
    }

    /**
     * Starts to show.
     *
     * @param command the job's name
     * @param artifacts what is being trained
     * @param epochs how many epochs they will have together
     */
    static TrainingProgress start(String command, List<Artifact> artifacts, int epochs) {
        Optional<ProgressBar> bar = Terminal.bar(command, epochs, "epochs");
        if (bar.isEmpty()) {
            LOG.info("{}: {} to train, {} epochs together", command, artifacts.size(), epochs);
        }
        return new TrainingProgress(command, artifacts, epochs, bar);
    }

    /** Looks, at most once a second, and shows what is new. */
    void look() {
        if (System.nanoTime() - lastLook < LOOK_NANOS) {
            return;
        }
        lastLook = System.nanoTime();
        int done = epochsDone();
        seen = done + memberEpochs();
        if (bar.isPresent()) {
            bar.get().stepTo(done);
            shown = done;
        } else if ((long) done * LINES / epochs > (long) shown * LINES / epochs) {
            LOG.info("{}: {} of {} epochs", command, done, epochs);
            shown = done;
        }
    }

    /** Looks, and shows how many averaging rounds there were. */
    void round(int rounds) {
        bar.ifPresent(shownBar -> shownBar.setExtraMessage("round " + rounds));
        look();
    }

    /**
     * Epochs that were finished when last looked, those of members that have not averaged yet among them; it
     * changes whenever there is progress.
     */
    int epochs() {
        return seen;
    }

    private int epochsDone() {
        return count(artifact -> artifact.metrics().size(), shown);
    }

    private int memberEpochs() {
        return count(Artifact::memberEpochs, 0);
    }

    /** A file that is being replaced at this moment is looked at the next time. */
    private int count(ToIntFunction<Artifact> epochsOf, int otherwise) {
        try {
            return artifacts.stream().mapToInt(epochsOf).sum();
        } catch (UncheckedIOException e) {
            LOG.debug("Metrics are being replaced", e);
            return otherwise;
        }
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
