package org.noprop.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noprop.tensor.NativeBackend;

/** The encoder in tiles against one that looks at every patch, atom and cell by itself. */
class PatchEncoderTest {
    static {
        NativeBackend.load();
    }

    private final SplittableRandom random = new SplittableRandom(4);

    @Test
    void featuresByThresholdAreThoseOfEveryPatchAndAtom() {
        for (boolean unitLength : new boolean[] {true, false}) {
            Encoding encoding = new ThresholdEncoding(unitLength ? 0.2f : 0.8f);
            check(new PatchGrid(9, 8, 3, 3, 1), settings(unitLength, encoding, 2, false), 37);
            check(new PatchGrid(9, 8, 3, 3, 2), settings(unitLength, encoding, 3, true), 5);
        }
    }

    @Test
    void manyPatchesAndAtomsAreEncodedInSeveralTiles() {
        check(new PatchGrid(40, 40, 1, 3, 1), settings(true, new ThresholdEncoding(0.1f), 2, false), 300);
        check(new PatchGrid(24, 30, 1, 3, 1), settings(true, new NearestEncoding(120), 2, false), 600);
    }

    @Test
    void featuresByNearestAreSharesOfPatches() {
        check(new PatchGrid(7, 7, 2, 4, 1), settings(true, new NearestEncoding(3), 2, false), 11);
        check(new PatchGrid(7, 7, 2, 4, 1), settings(false, new NearestEncoding(10), 1, true), 11);
    }

    @Test
    void anImageAndItsMirrorImageHaveTheMeanOfTheirFeatures() {
        PatchGrid grid = new PatchGrid(7, 9, 2, 4, 1);
        PatchSettings plain = settings(true, new ThresholdEncoding(0.1f), 2, true);
        PatchSettings mirroring = new PatchSettings(0, 0, 10, true, new ThresholdEncoding(0.1f), 2, true, true);
        PatchDictionary dictionary = dictionary(grid, 5);
        byte[] image = new byte[7 * 9 * 2];
        random.nextBytes(image);
        byte[] mirrored = new byte[image.length];
        for (int i = 0; i < image.length; i++) {
            mirrored[i] = image[i / 18 * 18 + (8 - i % 18 / 2) * 2 + i % 2];
        }
        float[] features = encoded(grid, plain, dictionary, image);
        float[] others = encoded(grid, plain, dictionary, mirrored);
        float[] means = new float[features.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = 0.5f * (features[i] + others[i]);
        }
        assertThat(features).isNotEqualTo(others);
        assertThat(encoded(grid, mirroring, dictionary, image)).isEqualTo(means);
        assertThat(encoded(grid, mirroring, dictionary, mirrored)).isEqualTo(means);
    }

    private static float[] encoded(PatchGrid grid, PatchSettings settings, PatchDictionary dictionary, byte[] image) {
        try (PatchEncoder encoder = new PatchEncoder(grid, settings, dictionary)) {
            float[] features = new float[encoder.width()];
            encoder.encode(image, features);
            return features;
        }
    }

    @Test
    void anImageOfAnotherSizeIsRefused() {
        PatchGrid grid = new PatchGrid(7, 7, 2, 4, 1);
        try (PatchEncoder encoder =
                new PatchEncoder(grid, settings(true, new NearestEncoding(1), 2, false), dictionary(grid, 3))) {
            float[] features = new float[encoder.width()];
            assertThatThrownBy(() -> encoder.encode(new byte[99], features))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("An image of 99 bytes where 98 belong");
        }
    }

    private static PatchSettings settings(boolean unitLength, Encoding encoding, int pooling, boolean squareRoot) {
        return new PatchSettings(0, 0, 10, unitLength, encoding, pooling, squareRoot, false);
    }

    private void check(PatchGrid grid, PatchSettings settings, int atoms) {
        PatchDictionary dictionary = dictionary(grid, atoms);
        byte[] image = new byte[grid.height() * grid.width() * grid.channels()];
        try (PatchEncoder encoder = new PatchEncoder(grid, settings, dictionary)) {
            float[] features = new float[encoder.width()];
            for (int i = 0; i < 2; i++) {
                random.nextBytes(image);
                encoder.encode(image, features);
                double[] expected = slowly(grid, settings, dictionary, image);
                assertThat(features).hasSize(expected.length);
                for (int j = 0; j < expected.length; j++) {
                    assertThat((double) features[j]).isCloseTo(expected[j], within(tolerance(settings)));
                }
            }
        }
    }

    /** Two responses that rounding swaps may change who is near, for one patch of a cell. */
    private static double tolerance(PatchSettings settings) {
        return settings.squareRoot() ? 2e-3 : 1e-5;
    }

    private static double[] slowly(PatchGrid grid, PatchSettings settings, PatchDictionary dictionary, byte[] image) {
        int cells = settings.pooling() * settings.pooling();
        int atoms = dictionary.count();
        double[] sums = new double[cells * 2 * atoms];
        int[] sizes = new int[cells];
        for (int y = 0; y < grid.down(); y++) {
            for (int x = 0; x < grid.across(); x++) {
                int cell = y * settings.pooling() / grid.down() * settings.pooling()
                        + x * settings.pooling() / grid.across();
                sizes[cell]++;
                double[] responses = responses(grid, settings, dictionary, image, y, x);
                for (int atom = 0; atom < atoms; atom++) {
                    sums[cell * 2 * atoms + atom] += feature(settings.encoding(), responses, atom, 1);
                    sums[cell * 2 * atoms + atoms + atom] += feature(settings.encoding(), responses, atom, -1);
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= sizes[i / (2 * atoms)];
            sums[i] = settings.squareRoot() ? Math.sqrt(sums[i]) : sums[i];
        }
        return sums;
    }

    private static double[] responses(
            PatchGrid grid, PatchSettings settings, PatchDictionary dictionary, byte[] image, int y, int x) {
        int length = grid.length();
        float[] patch = new float[length];
        grid.copyNormalised(image, y * grid.across() + x, settings.contrast(), patch, 0);
        float[] whitened = dictionary.whitening().whiten(patch);
        if (settings.unitLength()) {
            Whitening.scaleToUnitLength(whitened, 0, length);
        }
        double[] responses = new double[dictionary.count()];
        for (int atom = 0; atom < responses.length; atom++) {
            for (int i = 0; i < length; i++) {
                responses[atom] += (double) whitened[i] * dictionary.atoms()[atom * length + i];
            }
        }
        return responses;
    }

    private static double feature(Encoding encoding, double[] responses, int atom, int sign) {
        double response = sign * responses[atom];
        if (encoding instanceof ThresholdEncoding threshold) {
            return Math.max(0, response - threshold.threshold());
        }
        int nearer = 0;
        for (double other : responses) {
            nearer += sign * other > response ? 1 : 0;
        }
        return nearer < ((NearestEncoding) encoding).count() ? 1 : 0;
    }

    private PatchDictionary dictionary(PatchGrid grid, int atoms) {
        int length = grid.length();
        float[] patches = new float[atoms * 4 * length];
        for (int i = 0; i < patches.length; i++) {
            patches[i] = (float) random.nextGaussian();
        }
        Whitening whitening = Whitening.fit(patches, length, 0.1);
        float[] whitened = whitening.whiten(patches);
        for (int from = 0; from < whitened.length; from += length) {
            Whitening.scaleToUnitLength(whitened, from, length);
        }
        return new WhitenedSample(whitening, whitened).random(atoms, 3);
    }
}
