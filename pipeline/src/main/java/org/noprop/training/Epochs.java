package org.noprop.training;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** The steps of single epochs of a learner: rows in the epoch's order, the learning rate of each step. */
final class Epochs {
    /** A batch of one row has no variance to normalise with, so a last row that stands alone waits for the next epoch. */
    static final int SMALLEST_BATCH = 2;

    private final Learner learner;
    private final RowOrder rows;
    private final int[] order;
    private final TrainingSettings settings;
    private final BooleanSupplier cancelled;

    /**
     * Epochs over some rows.
     *
     * @param rows the rows and their order; at least {@link #SMALLEST_BATCH}
     * @param cancelled asked before each step
     */
    Epochs(Learner learner, RowOrder rows, TrainingSettings settings, BooleanSupplier cancelled) {
        this.learner = learner;
        this.rows = rows;
        this.order = new int[rows.rows()];
        this.settings = settings;
        this.cancelled = cancelled;
    }

    /**
     * Makes the steps of an epoch.
     *
     * @param title what is trained, for the message
     * @return the mean loss over its rows, each before the step that it took part in
     * @throws TrainingDivergedException if that is no number
     * @throws CancellationException if training was cancelled
     */
    double run(int epoch, String title) {
        rows.shuffle(settings.seed(), learner.number(), epoch, order);
        long batches = batches();
        long step = (epoch - 1) * batches;
        double sum = 0;
        int seen = 0;
        for (int from = 0; order.length - from >= SMALLEST_BATCH; from += settings.batchSize()) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("Training of " + title + " was cancelled");
            }
            int count = Math.min(settings.batchSize(), order.length - from);
            learner.subject().setLearningRate(learningRate(step++, batches * settings.epochs()));
            sum += count * learner.step(epoch, order, from, count);
            seen += count;
        }
        double mean = sum / seen;
        TrainingDivergedException.requireFinite(mean, title, epoch, learner.lossName());
        return mean;
    }

    /** Batches of an epoch. */
    private long batches() {
        int full = order.length / settings.batchSize();
        return order.length % settings.batchSize() >= SMALLEST_BATCH ? full + 1 : full;
    }

    private double learningRate(long step, long steps) {
        return settings.optimiser().learningRate()
                * settings.schedule().factor(step, steps)
                * settings.regularisation().warmUp(step, steps);
    }
}
