package org.noprop.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Image embeddings from whitened patches.
 *
 * @param size pixels of a patch's side, at least 2
 * @param stride pixels from one patch to the next, at least 1
 * @param contrast added to a patch's variance, positive, in squares of grey levels
 * @param whitening added to the eigenvalues of the patches' covariance, positive, as a share of their mean
 * @param unitLength whether whitened patches are scaled to length 1
 * @param count patches of the dictionary, at least 2
 * @param dictionary how they are chosen
 * @param kMeansRounds of k-means, at least 1
 * @param sample patches that whitening and dictionary are fitted to, at least count
 * @param encoding of responses
 * @param threshold of the two-sided threshold, at least 0
 * @param neighbours share of the dictionary that counts as near, in (0, 1)
 * @param pooling cells of a row and of a column, at least 1
 * @param squareRoot whether the root of each average is taken
 * @param mirror whether the features are the mean of those of the image and of its mirror image
 * @param rows training images that mean and spread, or principal components, are fitted to, at least 2
 * @param reduction principal components kept; all features, standardised, unless set
 * @param regulariser added to the components' variances, at least 0, as a share of their mean
 * @param seed of all draws
 */
public record PatchesConfig(
        int size,
        int stride,
        double contrast,
        double whitening,
        boolean unitLength,
        int count,
        Dictionary dictionary,
        int kMeansRounds,
        int sample,
        Encoding encoding,
        double threshold,
        double neighbours,
        int pooling,
        boolean squareRoot,
        boolean mirror,
        int rows,
        Optional<Integer> reduction,
        double regulariser,
        long seed) {
    /** As many as there is room for with a batch of images. */
    private static final int MOST_FEATURES = Integer.MAX_VALUE / 64;

    /** How the dictionary is chosen. */
    public enum Dictionary {
        /** Patches of the sample. */
        RANDOM,
        /** Means of spherical k-means over the sample. */
        K_MEANS
    }

    /** What becomes of a patch's responses to the dictionary. */
    public enum Encoding {
        /** Two-sided threshold. */
        THRESHOLD,
        /** The nearest patches of the dictionary, and of its negative. */
        NEAREST
    }

    static PatchesConfig read(Settings settings) {
        PatchesConfig config = new PatchesConfig(
                settings.wholeNumber("size", Range.atLeast(2)),
                settings.wholeNumber("stride", Range.atLeast(1)),
                settings.number("contrast", Range.above(0)),
                settings.number("whitening", Range.above(0)),
                settings.flag("unit-length"),
                settings.wholeNumber("count", Range.atLeast(2)),
                settings.choice("dictionary", Dictionary.class),
                settings.wholeNumber("k-means-rounds", Range.atLeast(1)),
                settings.wholeNumber("sample", Range.atLeast(2)),
                settings.choice("encoding", Encoding.class),
                settings.number("threshold", Range.atLeast(0)),
                settings.number("neighbours", Range.above(0)),
                settings.wholeNumber("pooling", Range.atLeast(1)),
                settings.flag("square-root"),
                settings.flag("mirror"),
                settings.wholeNumber("rows", Range.atLeast(2)),
                settings.isSet("reduction")
                        ? Optional.of(settings.wholeNumber("reduction", Range.atLeast(1)))
                        : Optional.empty(),
                settings.number("regulariser", Range.atLeast(0)),
                settings.seed("seed"));
        config.check(settings);
        return config;
    }

    private void check(Settings settings) {
        if (neighbours >= 1) {
            settings.invalid("neighbours", "must be < 1");
        }
        if (sample < count) {
            settings.invalid("sample", "must be >= count = " + count);
        }
        int most = (int) Math.sqrt(MOST_FEATURES / (2.0 * count));
        if (pooling > most) {
            settings.invalid("pooling", "must be at most " + most + " for count = " + count);
        }
        long features = 2L * count * pooling * pooling;
        reduction.ifPresent(width -> {
            if (width > features || width > rows) {
                settings.invalid("reduction", "must be at most rows = " + rows + " and the " + features + " features");
            }
        });
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("size", size);
        settings.put("stride", stride);
        settings.put("contrast", contrast);
        settings.put("whitening", whitening);
        settings.put("unit-length", unitLength);
        settings.put("count", count);
        settings.put("dictionary", Settings.kebab(dictionary));
        settings.put("k-means-rounds", kMeansRounds);
        settings.put("sample", sample);
        settings.put("encoding", Settings.kebab(encoding));
        settings.put("threshold", threshold);
        settings.put("neighbours", neighbours);
        settings.put("pooling", pooling);
        settings.put("square-root", squareRoot);
        settings.put("mirror", mirror);
        settings.put("rows", rows);
        settings.put("reduction", reduction.orElse(null));
        settings.put("regulariser", regulariser);
        settings.put("seed", seed);
        return settings;
    }
}
