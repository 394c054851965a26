package org.noprop.network;

/**
 * One mini-batch of block training, in arrays that the caller owns and may reuse from step to step.
 *
 * @param rows how many rows count; the arrays may be longer
 * @param images x, rows × imageWidth, row-major
 * @param noisedLabels z_{t-1}, rows × d
 * @param labels y, the class of each row: which label embedding the block has to recover
 */
public record BlockBatch(int rows, float[] images, float[] noisedLabels, int[] labels) {}
