package org.noprop.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WhitenedSampleTest {
    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    void aRandomDictionaryIsOfDifferentPatches() {
        float[] patches = new float[100 * 3];
        IntStream.range(0, 300).forEach(i -> patches[i] = i);
        WhitenedSample sample = new WhitenedSample(new Whitening(new float[3], new float[9]), patches);
        float[] atoms = sample.random(60, 7).atoms();
        Set<Float> first = new HashSet<>();
        for (int i = 0; i < atoms.length; i += 3) {
            first.add(atoms[i]);
            assertThat(atoms[i] % 3).isZero();
            assertThat(atoms[i + 2]).isEqualTo(atoms[i] + 2);
        }
        assertThat(first).hasSize(60);
        assertThat(sample.random(60, 7).atoms()).isEqualTo(atoms);
        assertThat(sample.random(60, 8).atoms()).isNotEqualTo(atoms);
    }

    @Test
    void whitenedPatchesHaveTheIdentityAsTheirCovariance() {
        int length = 5;
        int count = 4000;
        float[] patches = new float[count * length];
        for (int i = 0; i < patches.length; i++) {
            double shared = i % length == 0 ? 0 : patches[i - 1];
            patches[i] = (float) (0.9 * shared + random.nextGaussian() + 3);
        }
        float[] white = Whitening.fit(patches, length, 1e-9).whiten(patches);
        for (int a = 0; a < length; a++) {
            for (int b = 0; b < length; b++) {
                double sum = 0;
                for (int patch = 0; patch < count; patch++) {
                    sum += (double) white[patch * length + a] * white[patch * length + b] / count;
                }
                assertThat(sum).isCloseTo(a == b ? 1 : 0, within(1e-4));
            }
        }
    }
}
