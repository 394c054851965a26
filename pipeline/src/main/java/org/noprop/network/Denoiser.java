package org.noprop.network;

/** A block of a chain as inference sees it: û_θ(z, x), which knows its step by its weights alone. */
public interface Denoiser extends ImageNetwork {

    /**
     * û in inference mode, from the features of {@link #encodeImages}.
     *
     * @param rows how many rows
     * @param features rows × {@link #featureWidth}
     * @param noisedLabels z, rows × d
     * @param output receives û, rows × d: a convex combination of label embeddings
     * @param probabilities receives the softmax over classes, rows × classes; null where not wanted
     */
    void denoise(int rows, float[] features, float[] noisedLabels, float[] output, float[] probabilities);
}
