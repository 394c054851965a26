package org.noprop.network;

/**
 * One mini-batch of block training, in arrays that the caller owns and may reuse from step to step.
 *
 * @param rows how many rows count; the arrays may be longer
 * @param images x, rows × imageWidth, row-major
 * @param noisedLabels z_{t-1}, rows × d
 * @param labels y, the class of each row: which label embedding the block has to recover
 * @param dropoutSeeds for each row what its dropout masks are drawn from; empty where the network has no
 *     dropout
 */
public record BlockBatch(int rows, float[] images, float[] noisedLabels, int[] labels, long[] dropoutSeeds) {
    /** A batch for a network without dropout. */
    public BlockBatch(int rows, float[] images, float[] noisedLabels, int[] labels) {
        this(rows, images, noisedLabels, labels, new long[0]);
    }
}
