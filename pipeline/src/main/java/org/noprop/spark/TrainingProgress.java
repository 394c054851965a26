package org.noprop.spark;

import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows how far training is: a bar on a terminal, plain lines elsewhere. */
final class TrainingProgress implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingProgress.class);
    private static final int LINES = 10;

    private final String command;
    private final int epochs;
    private final Optional<ProgressBar> bar;
    private int shown;

    private TrainingProgress(String command, int epochs, Optional<ProgressBar> bar) {
        this.command = command;
        this.epochs = epochs;
        this.bar = bar;
    }

    /**
     * Starts to show.
     *
     * @param command the job's name
     * @param subjects how many are being trained
     * @param epochs how many epochs they will have together
     */
    static TrainingProgress start(String command, int subjects, int epochs) {
        Optional<ProgressBar> bar = Terminal.bar(command, epochs, "epochs");
        if (bar.isEmpty()) {
            LOG.info("{}: {} to train, {} epochs together", command, subjects, epochs);
        }
        return new TrainingProgress(command, epochs, bar);
    }

    /** Shows that so many epochs are done, if that is news. */
    void show(int done) {
        if (bar.isPresent()) {
            bar.get().stepTo(done);
        } else if ((long) done * LINES / epochs > (long) shown * LINES / epochs) {
            LOG.info("{}: {} of {} epochs", command, done, epochs);
        }
        shown = Math.max(shown, done);
    }

    /** Shows how many averaging rounds there were. */
    void round(int rounds) {
        bar.ifPresent(shownBar -> shownBar.setExtraMessage("round " + rounds));
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
