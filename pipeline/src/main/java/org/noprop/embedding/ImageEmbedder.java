package org.noprop.embedding;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.Tensor;

/** Turns the bytes of an image into its image embedding x. Immutable; tasks receive it. */
public interface ImageEmbedder extends Serializable {

    /** Dimensions of an image embedding: [height, width, channels], or [components]. */
    List<Integer> shape();

    /** The images that it takes. */
    ImageShape images();

    /** Components of an image embedding: the product of the shape. */
    default int width() {
        return shape().stream().reduce(1, Math::multiplyExact);
    }

    /** Starts to embed, in one thread. */
    Session open();

    /** About how many bytes a component needs in a Parquet file. */
    int storedBytesPerComponent();

    /** What it is, with its figures, as a JSON object. */
    String description();

    /** The figures that are too many for the description, by name; empty if there are none. */
    SortedMap<String, Tensor> tensors();

    /** An embedder at work, with the native memory that it needs. */
    interface Session extends AutoCloseable {

        /** How many images at a time are embedded fastest. */
        int batch();

        /**
         * The image embeddings.
         *
         * @param images height × width × channels bytes each, row by row, channels last
         * @return for each image {@link #width} values in the order of {@link #shape}; they do not depend on which
         *     images are embedded together
         */
        List<float[]> embed(List<byte[]> images);

        @Override
        void close();
    }
}
