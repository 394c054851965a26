package org.noprop.network;

/** A block of a chain whose inference is that of {@link BlockUnits}. */
interface GraphDenoiser extends Denoiser {

    /** What computes it. */
    BlockInference inference();

    @Override
    default int featureWidth() {
        return inference().featureWidth();
    }

    @Override
    default void encodeImages(int rows, float[] images, float[] features) {
        inference().encodeImages(rows, images, features);
    }

    @Override
    default void denoise(int rows, float[] features, float[] noisedLabels, float[] output, float[] probabilities) {
        inference().denoise(rows, features, noisedLabels, output, probabilities);
    }
}
