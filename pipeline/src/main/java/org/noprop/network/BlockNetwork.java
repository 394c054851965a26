package org.noprop.network;

import org.noprop.tensor.Trainable;

/**
 * One block, û_θ(z, x): a denoising network that recovers a label embedding from its noised form and an
 * image embedding, together with its optimiser. Back-propagation happens inside it and nowhere else.
 *
 * <p>Training, checkpoints and Spark see only this interface, whose arrays are plain; an engine (DL4J
 * is the one there is) stands behind it. An instance belongs to one thread. The same weights, batches
 * and native library give bit-identical results.
 */
public interface BlockNetwork extends Trainable {

    /** What the network was built for. */
    NetworkShape shape();

    /** How many trained values it has; running statistics do not count. */
    long parameters();

    /**
     * One optimiser step on {@code lossWeight} · mean over rows of ‖û - u_y‖², a sum over the d
     * components (the block term of Equation 8), batch norm using the batch's own statistics.
     *
     * @param batch at least 2 rows
     * @param lossWeight (T/2) η (SNR(t) - SNR(t-1)), positive
     * @return the mean over rows of ‖û - u_y‖² before the step, without the weight
     */
    double trainStep(BlockBatch batch, double lossWeight);

    /** How many features the image part gives for an image: the width of {@link #encodeImages}. */
    int featureWidth();

    /**
     * The image part alone, in inference mode; it does not depend on z, so that a chain of many
     * inference runs computes it once for an image.
     *
     * @param rows how many images
     * @param images x, rows × imageWidth
     * @param features receives rows × {@link #featureWidth} values
     */
    void encodeImages(int rows, float[] images, float[] features);

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

    /** The memory it accounts for. */
    MemoryFigures memory();
}
