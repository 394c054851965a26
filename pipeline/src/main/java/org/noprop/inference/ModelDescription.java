package org.noprop.inference;

import java.util.List;

/**
 * What users of a model need to know of its data.
 *
 * @param run the run that trained it
 * @param imageShape dimensions of an image embedding: [height, width, channels], or [components]
 * @param classNames the name of each class, by label
 * @param embedder what made the image embeddings, with its figures, as JSON
 * @param data fingerprint of the image embeddings that it was trained on
 */
public record ModelDescription(
        String run, List<Integer> imageShape, List<String> classNames, String embedder, String data) {
    /** Copies the lists. */
    public ModelDescription {
        imageShape = List.copyOf(imageShape);
        classNames = List.copyOf(classNames);
    }

    /** Components of an image embedding. */
    public int width() {
        return imageShape.stream().reduce(1, Math::multiplyExact);
    }
}
