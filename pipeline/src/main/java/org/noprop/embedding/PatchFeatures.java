package org.noprop.embedding;

import java.io.Serializable;
import java.util.List;
import org.noprop.data.InvalidInputException;
import org.noprop.tensor.NativeBackend;

/**
 * The features of an image before they are mapped: what is fitted first, to patches of training images.
 *
 * @param description what is done
 * @param dictionary fitted
 */
public record PatchFeatures(PatchDescription description, PatchDictionary dictionary) implements Serializable {

    /**
     * Fits whitening and dictionary.
     *
     * @param sample patches of training images, one after the other, in parts
     * @throws InvalidInputException if there are fewer than the dictionary needs
     */
    public static PatchFeatures fit(PatchDescription description, List<float[]> sample) {
        PatchFit fit = description.fit();
        int length = description.grid().length();
        float[] patches = joined(sample);
        if (patches.length / length < fit.count()) {
            throw new InvalidInputException("The training images gave " + patches.length / length
                    + " patches that are not flat where noprop.embedding.patches.count = " + fit.count()
                    + " are needed; raise noprop.embedding.patches.sample");
        }
        Whitening whitening = Whitening.fit(patches, length, fit.whitening());
        float[] whitened = whitening.whiten(patches);
        for (int from = 0; from < whitened.length; from += length) {
            Whitening.scaleToUnitLength(whitened, from, length);
        }
        float[] random = Atoms.random(whitened, length, fit.count(), fit.seed());
        return new PatchFeatures(
                description,
                new PatchDictionary(whitening, Atoms.kMeans(whitened, length, random, fit.kMeansRounds())));
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int to = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, to, part.length);
            to += part.length;
        }
        return all;
    }

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
