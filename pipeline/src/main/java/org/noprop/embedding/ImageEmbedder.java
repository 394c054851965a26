package org.noprop.embedding;

import java.io.Serializable;
import java.util.List;

/** Turns the bytes of an image into its image embedding x. Immutable; tasks receive it. */
public interface ImageEmbedder extends Serializable {

    /** Dimensions of an image embedding: [height, width, channels], or [components]. */
    List<Integer> shape();

    /** Components of an image embedding: the product of the shape. */
    default int width() {
        return shape().stream().reduce(1, Math::multiplyExact);
    }

    /**
     * The image embedding.
     *
     * @param image height × width × channels bytes, row by row, channels last
     * @return {@link #width} values in the order of {@link #shape}
     */
    float[] embed(byte[] image);

    /** About how many bytes a component needs in a Parquet file. */
    int storedBytesPerComponent();

    /** What it is, with its figures, as a JSON object. */
    String description();
}
