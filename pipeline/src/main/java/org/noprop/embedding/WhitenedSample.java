package org.noprop.embedding;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.noprop.data.InvalidInputException;

/**
 * Patches of training images as a dictionary is chosen from them: whitened, and scaled to length 1.
 *
 * @param whitening that was fitted to them
 * @param patches count × length, row-major; not copied, because they are many
 */
public record WhitenedSample(Whitening whitening, float[] patches) {

    /**
     * Fits the whitening and whitens.
     *
     * @param parts patches, one after the other, in parts
     * @throws InvalidInputException if there are fewer than the dictionary needs
     */
    public static WhitenedSample of(PatchDescription description, List<float[]> parts) {
        PatchFit fit = description.fit();
        int length = description.grid().length();
        float[] patches = joined(parts);
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
        return new WhitenedSample(whitening, whitened);
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

    /** How many patches. */
    public int count() {
        return patches.length / length();
    }

    /** Values of a patch. */
    public int length() {
        return whitening.length();
    }

    /**
     * A dictionary of different patches, drawn at random.
     *
     * @param atoms how many, at most the patches
     */
    public PatchDictionary random(int atoms, long seed) {
        int length = length();
        int[] order = new int[count()];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(seed);
        float[] chosen = new float[atoms * length];
        for (int i = 0; i < atoms; i++) {
            int drawn = i + random.nextInt(order.length - i);
            int patch = order[drawn];
            order[drawn] = order[i];
            System.arraycopy(patches, patch * length, chosen, i * length, length);
        }
        return new PatchDictionary(whitening, chosen);
    }
}
