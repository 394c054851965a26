package org.noprop.network;

/**
 * One mini-batch for a {@link LearnedBlock}, in arrays that the caller owns and may reuse from step to
 * step. It holds noise where a {@link BlockBatch} holds noised labels, which move with the label
 * embeddings.
 *
 * @param rows how many rows count; the arrays may be longer
 * @param images x, rows × imageWidth, row-major
 * @param inputNoise ε of z_{t-1}, rows × d, standard normal
 * @param headNoise ε of z_T, rows × d, standard normal
 * @param labels y, the class of each row
 * @param dropoutSeeds for each row what its dropout masks are drawn from; empty where the network has no
 *     dropout
 */
public record NoiseBatch(
        int rows, float[] images, float[] inputNoise, float[] headNoise, int[] labels, long[] dropoutSeeds) {}
