package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The objective of a block in continuous time: its terms for a batch, and the whole gradient. */
interface TimeObjective extends AutoCloseable {

    /**
     * The terms; the gradients of everything are written.
     *
     * @param images x, [rows, imageWidth]
     * @param weight as for {@link TimeBlock#trainStep}
     */
    LossTerms measure(INDArray images, TimeBatch batch, double weight);

    /** Bytes of its own. */
    long bytes();

    @Override
    void close();
}
