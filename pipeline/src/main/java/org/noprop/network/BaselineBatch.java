package org.noprop.network;

/**
 * One mini-batch of baseline training, in arrays that the caller owns and may reuse.
 *
 * @param rows how many rows count; the arrays may be longer
 * @param images x, rows × imageWidth, row-major
 * @param start z_0 ~ N(0, I), rows × d
 * @param labels y, the class of each row
 * @param dropoutSeeds for each row what its dropout masks are drawn from; empty where the network has no
 *     dropout
 */
public record BaselineBatch(int rows, float[] images, float[] start, int[] labels, long[] dropoutSeeds) {
    /** A batch for a network without dropout. */
    public BaselineBatch(int rows, float[] images, float[] start, int[] labels) {
        this(rows, images, start, labels, new long[0]);
    }
}
