package org.noprop.network;

import org.noprop.tensor.Trainable;

/**
 * What every block network is: θ_t, of which the image part looks at x alone. Training, checkpoints and
 * Spark see only these interfaces, whose arrays are plain; an engine (DL4J is the one there is) stands
 * behind them. An instance belongs to one thread. The same weights, batches and native library give
 * bit-identical results.
 */
public interface ImageNetwork extends Trainable {

    /** What the network was built for. */
    NetworkShape shape();

    /**
     * How many trained values θ_t has, the figure of the paper's Table 5: neither running statistics
     * count nor what blocks share (W_Embed, θ_out, a noise schedule).
     */
    long parameters();

    /** How many features the image part gives for an image: the width of {@link #encodeImages}. */
    int featureWidth();

    /**
     * The image part alone, in inference mode; it depends neither on z nor on the step, so that
     * inference computes it once for an image.
     *
     * @param rows how many images
     * @param images x, rows × imageWidth
     * @param features receives rows × {@link #featureWidth} values
     */
    void encodeImages(int rows, float[] images, float[] features);

    /** The memory it accounts for. */
    MemoryFigures memory();
}
