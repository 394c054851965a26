package org.noprop.network;

/**
 * One mini-batch of training, in arrays that the caller owns and may reuse from step to step. It brings noise instead of
 * noised labels, which move with the label embeddings.
 *
 * @param rows how many rows count; the arrays may be longer
 * @param images x, rows × imageWidth, row-major
 * @param labels y, the class of each row
 * @param times t of each row, in [0, 1]; not looked at in discrete time
 * @param noise standard normal, rows × d: ε of z_{t-1} (NoProp-DT) or z_t (NoProp-CT); z_0 of NoProp-FM and the baseline
 * @param endNoise standard normal, rows × d: ε of z_T or z_1, that the head of a block reads, or of z_t of NoProp-FM with
 *     a positive σ; not looked at where there is none of these
 * @param dropoutSeeds for each row what its dropout masks are drawn from; empty where the network has no dropout
 */
public record Batch(
        int rows,
        float[] images,
        int[] labels,
        double[] times,
        double[] noise,
        double[] endNoise,
        long[] dropoutSeeds) {}
