package org.noprop.network;

import org.noprop.label.ClassReader;

/** Reads classes by a network's head, a chunk of rows at a time. */
final class HeadReader implements ClassReader, AutoCloseable {
    private final HeadChain head;
    private final NetworkShape shape;
    private final BatchInput noisedLabels;

    /** The reader of a head. */
    HeadReader(HeadChain head, NetworkShape shape) {
        this.head = head;
        this.shape = shape;
        this.noisedLabels = new BatchInput(shape.labelWidth());
    }

    @Override
    public int classes() {
        return shape.classes();
    }

    @Override
    public int labelWidth() {
        return shape.labelWidth();
    }

    @Override
    public void probabilities(int rows, float[] z, float[] probabilities) {
        for (int first = 0; first < rows; first += BlockInference.CHUNK) {
            int count = Math.min(BlockInference.CHUNK, rows - first);
            double[] values = head.probabilities(noisedLabels.copy(z, first, count));
            Batches.copyOut(values, probabilities, first * shape.classes());
        }
    }

    long bytes() {
        return noisedLabels.bytes();
    }

    @Override
    public void close() {
        noisedLabels.close();
    }
}
