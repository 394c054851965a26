package org.noprop.network;

/**
 * One mini-batch for a {@link TimeBlock}, in arrays that the caller owns and may reuse from step to step.
 *
 * @param rows how many rows count; the arrays may be longer
 * @param images x, rows × imageWidth, row-major
 * @param times t of each row, in [0, 1]
 * @param inputNoise NoProp-CT: ε of z_t. NoProp-FM: z_0. rows × d, standard normal
 * @param headNoise NoProp-CT: ε of z_1. NoProp-FM: ε of z_t, not looked at where σ is 0. rows × d,
 *     standard normal
 * @param labels y, the class of each row
 * @param dropoutSeeds for each row what its dropout masks are drawn from; empty where the network has no
 *     dropout
 */
public record TimeBatch(
        int rows,
        float[] images,
        double[] times,
        float[] inputNoise,
        float[] headNoise,
        int[] labels,
        long[] dropoutSeeds) {}
