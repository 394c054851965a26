package org.noprop.inference;

import org.noprop.network.Denoiser;

/** Some consecutive rows on their way through a block of discrete time, which is one step. */
final class StepChunk extends Chunk {
    private final Denoiser block;

    StepChunk(ImageRows images, Denoiser block, int batchSize) {
        super(images, block, batchSize);
        this.block = block;
    }

    /** Computes û and the class probabilities from the rows' z, which are taken from those of all rows. */
    void denoise(float[] allZ) {
        take(allZ);
        block.denoise(rows(), features(), z(), output(), probabilities());
    }
}
