package org.noprop.embedding;

import java.io.Serializable;
import org.noprop.tensor.NativeBackend;

/**
 * The features of an image before they are mapped: what is fitted first, to patches of training images.
 *
 * @param description what is done
 * @param dictionary fitted
 */
public record PatchFeatures(PatchDescription description, PatchDictionary dictionary) implements Serializable {

    /** Features of an image. */
    public int width() {
        int cells = description.settings().pooling() * description.settings().pooling();
        return cells * 2 * dictionary.count();
    }

    /** Starts to encode, in one thread. */
    public PatchEncoder open() {
        NativeBackend.load();
        return new PatchEncoder(description.grid(), description.settings(), dictionary);
    }

    /**
     * Starts to fit the map of features.
     *
     * @param images how many will be added
     */
    public FeatureMapFit mapFit(int images) {
        return new FeatureMapFit(description.fit(), width(), images);
    }

    /** The embedder, after the features of training images were added to the fit of its map. */
    public PatchEmbedder embedder(FeatureMapFit fit) {
        return new PatchEmbedder(this, fit.finish());
    }
}
