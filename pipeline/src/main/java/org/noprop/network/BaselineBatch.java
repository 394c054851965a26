package org.noprop.network;

/**
 * One mini-batch of baseline training, in arrays that the caller owns and may reuse.
 *
 * @param rows how many rows count; the arrays may be longer
 * @param images x, rows × imageWidth, row-major
 * @param start z_0 ~ N(0, I), rows × d
 * @param labels y, the class of each row
 */
public record BaselineBatch(int rows, float[] images, float[] start, int[] labels) {}
