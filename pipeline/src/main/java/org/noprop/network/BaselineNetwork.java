package org.noprop.network;

import org.noprop.tensor.Trainable;

/**
 * The baseline: the same T blocks trained end to end by back-propagation (Equations 17-19 of arXiv
 * 2503.24322v2): z_t = (1-α_t) z_{t-1} + α_t û_t(z_{t-1}, x) with α_t = tanh(w_t) learned, and a softmax
 * head on z_T under cross-entropy. With no blocks it is a plain network that sees x alone, of a block's width. An instance belongs to one thread.
 */
public interface BaselineNetwork extends Trainable {

    /** What each of its blocks was built for. */
    NetworkShape shape();

    /** T, or 0. */
    int blocks();

    /** How many trained values it has. */
    long parameters();

    /**
     * One optimiser step on the mean cross-entropy.
     *
     * @param batch at least 2 rows
     * @return the mean cross-entropy in nats before the step
     */
    default double trainStep(BaselineBatch batch) {
        return trainStep(batch, 1);
    }

    /**
     * One optimiser step on the mean cross-entropy, whose gradient is the sum over parts of the batch that go through the
     * network one after the other, so that its activations are those of a part. The weights move as by the whole batch, but
     * for rounding and for batch norm: each part is normalised by its own mean and variance, and each moves the
     * running ones.
     *
     * @param batch at least 2 rows
     * @param microBatches how many parts of about the same size, at least 1; never so many that one has less than 2 rows
     * @return the mean cross-entropy in nats before the step
     */
    double trainStep(BaselineBatch batch, int microBatches);

    /**
     * Class probabilities in inference mode.
     *
     * @param rows how many rows
     * @param images x, rows × imageWidth
     * @param start z_0 ~ N(0, I), rows × d
     * @param probabilities receives rows × classes values
     */
    void classify(int rows, float[] images, float[] start, float[] probabilities);

    /** The memory it accounts for. */
    MemoryFigures memory();
}
