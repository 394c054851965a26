package org.noprop.embedding;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws patches of training images, contrast-normalised. What it draws from an image follows from the seed and the
 * image's id alone. Flat patches, which vary by less than the contrast that is added, are left out: they look like
 * nothing, and images with an empty margin have very many.
 *
 * @param grid of the patches
 * @param contrast as {@link PatchSettings#contrast}
 * @param perImage how many draws an image has on the average, positive
 * @param seed any
 */
public record PatchSampler(PatchGrid grid, double contrast, double perImage, long seed) implements Serializable {
    /** Keeps the draws apart from other uses of ids as seeds. */
    private static final long SALT = 0x70617463686573L;

    /** The patches drawn from an image, one after the other. */
    public float[] draw(long id, byte[] image) {
        grid.require(image);
        SplittableRandom random =
                new SplittableRandom(new SplittableRandom(seed ^ SALT).nextLong() + id * 0x9e3779b97f4a7c15L);
        int draws = (int) perImage + (random.nextDouble() < perImage - (int) perImage ? 1 : 0);
        int length = grid.length();
        float[] patches = new float[draws * length];
        int kept = 0;
        for (int i = 0; i < draws; i++) {
            int position = random.nextInt(grid.positions());
            if (grid.copyNormalised(image, position, contrast, patches, kept * length) >= contrast) {
                kept++;
            }
        }
        return kept == draws ? patches : Arrays.copyOf(patches, kept * length);
    }
}
