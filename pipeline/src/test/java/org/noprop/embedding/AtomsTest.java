package org.noprop.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.noprop.tensor.NativeBackend;

class AtomsTest {
    static {
        NativeBackend.load();
    }

    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    void randomAtomsAreDifferentPatches() {
        float[] patches = new float[100 * 3];
        IntStream.range(0, 300).forEach(i -> patches[i] = i);
        float[] atoms = Atoms.random(patches, 3, 60, 7);
        Set<Float> first = new HashSet<>();
        for (int i = 0; i < atoms.length; i += 3) {
            first.add(atoms[i]);
            assertThat(atoms[i] % 3).isZero();
            assertThat(atoms[i + 2]).isEqualTo(atoms[i] + 2);
        }
        assertThat(first).hasSize(60);
        assertThat(Atoms.random(patches, 3, 60, 7)).isEqualTo(atoms);
        assertThat(Atoms.random(patches, 3, 60, 8)).isNotEqualTo(atoms);
    }

    @Test
    void kMeansFindsTheDirectionsThatPatchesCluster() {
        int length = 6;
        float[] patches = new float[3000 * length];
        for (int patch = 0; patch < 3000; patch++) {
            for (int i = 0; i < length; i++) {
                patches[patch * length + i] = (float) ((i == patch % 3 ? 1 : 0) + 0.05 * random.nextGaussian());
            }
            Whitening.scaleToUnitLength(patches, patch * length, length);
        }
        float[] atoms = Atoms.kMeans(patches, length, Atoms.random(patches, length, 3, 2), 20);
        for (int atom = 0; atom < 3; atom++) {
            double squares = 0;
            for (int i = 0; i < length; i++) {
                squares += atoms[atom * length + i] * atoms[atom * length + i];
            }
            assertThat(squares).isCloseTo(1, within(1e-5));
        }
        double[] largest = new double[3];
        for (int direction = 0; direction < 3; direction++) {
            for (int atom = 0; atom < 3; atom++) {
                largest[direction] = Math.max(largest[direction], atoms[atom * length + direction]);
            }
        }
        assertThat(Arrays.stream(largest).min().orElseThrow()).isGreaterThan(0.99);
    }

    @Test
    void anAtomWithoutPatchesStays() {
        float[] patches = {1, 0, 1, 0};
        assertThat(Atoms.kMeans(patches, 2, new float[] {1, 0, -1, 0}, 3)).containsExactly(1, 0, -1, 0);
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
