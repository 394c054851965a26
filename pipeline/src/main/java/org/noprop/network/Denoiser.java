package org.noprop.network;

/**
 * A block of a chain as inference sees it: û_θ(z, x), which knows its step by its weights alone, û_θ(z, x, t) of
 * NoProp-CT, or the velocity v_θ(z, x, t) of NoProp-FM.
 */
public interface Denoiser {
    /** What the block was built for. */
    NetworkShape shape();

    /** How many features the image part gives for an image: the width of {@link #encodeImages}. */
    int featureWidth();

    /**
     * What x alone decides, in inference mode; it depends neither on z nor on the step, so that inference computes it
     * once for an image.
     *
     * @param rows how many images
     * @param images x, rows × imageWidth
     * @param features receives rows × {@link #featureWidth} values
     */
    void encodeImages(int rows, float[] images, float[] features);

    /**
     * What a step of a chain or sampler needs, in inference mode: û, a convex combination of label embeddings, or v.
     *
     * @param rows how many rows
     * @param features of {@link #encodeImages}, rows × {@link #featureWidth}
     * @param noisedLabels z, rows × d
     * @param time t, in [0, 1], the same for all rows; not looked at in discrete time
     * @param output receives rows × d values
     * @param probabilities receives what the block says of the classes, rows × classes: the softmax of its logits, or of
     *     NoProp-FM what reads the class says of z̃_1 = z_t + (1-t) v; null where not wanted
     */
    void estimate(int rows, float[] features, float[] noisedLabels, double time, float[] output, float[] probabilities);
}
