package org.noprop.spark;

import java.util.List;
import org.noprop.data.DamagedImageException;
import scala.collection.Seq;

/** Image embeddings as Spark SQL gives them to functions. */
final class EmbeddingValues {
    private EmbeddingValues() {}

    /** The values of a list in which none is missing. */
    static float[] of(List<Float> values) {
        float[] embedding = new float[values.size()];
        int next = 0;
        for (float value : values) {
            embedding[next++] = value;
        }
        return embedding;
    }

    /**
     * The values of a list of numbers.
     *
     * @param list what Spark SQL has for an array, or null
     * @param width how many there must be
     * @throws DamagedImageException if there are others, or one is missing
     */
    static float[] of(Object list, int width) throws DamagedImageException {
        if (!(list instanceof Seq<?> values)) {
            throw new DamagedImageException("there is no image embedding");
        }
        if (values.length() != width) {
            throw new DamagedImageException(
                    "an image embedding of " + values.length() + " values where the model takes " + width);
        }
        float[] embedding = new float[width];
        for (int i = 0; i < width; i++) {
            if (!(values.apply(i) instanceof Number number) || Double.isNaN(number.doubleValue())) {
                throw new DamagedImageException("value " + i + " of the image embedding is " + values.apply(i));
            }
            if (!Float.isFinite(number.floatValue())) {
                throw new DamagedImageException(
                        "value " + i + " of the image embedding, " + number + ", is infinite as a 32-bit float");
            }
            embedding[i] = number.floatValue();
        }
        return embedding;
    }
}
