package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.noprop.data.InvalidInputException;
import org.noprop.embedding.PatchDictionary;
import org.noprop.embedding.PatchFit;
import org.noprop.embedding.WhitenedSample;
import org.noprop.embedding.Whitening;

class PatchMeansTest {
    private static final int LENGTH = 6;

    private static SparkSession session;

    private final SplittableRandom random = new SplittableRandom(5);

    @BeforeAll
    static void start() {
        session = LocalSpark.withCores(2);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void atomsAreTheDirectionsThatPatchesClusterIn() {
        WhitenedSample sample = clustered(0.05);
        float[] atoms = PatchMeans.of(session, sample, fit(12)).atoms();
        Set<Integer> directions = new HashSet<>();
        for (int atom = 0; atom < 12; atom++) {
            double squares = 0;
            int largest = 0;
            for (int i = 0; i < LENGTH; i++) {
                float value = atoms[atom * LENGTH + i];
                squares += value * value;
                largest = value > atoms[atom * LENGTH + largest] ? i : largest;
            }
            assertThat(squares).isCloseTo(1, within(1e-5));
            assertThat(atoms[atom * LENGTH + largest]).isGreaterThan(0.98f);
            directions.add(largest);
        }
        assertThat(directions).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        PatchDictionary first = PatchMeans.of(session, clustered(0.5), fit(20));
        PatchDictionary second = PatchMeans.of(session, new PatchMeansTest().clustered(0.5), fit(20));
        assertThat(second.atoms()).isEqualTo(first.atoms()).hasSize(20 * LENGTH);
    }

    @Test
    void fewerDifferentPatchesThanAtomsAreRefused() {
        WhitenedSample sample = clustered(0);
        assertThatThrownBy(() -> PatchMeans.of(session, sample, fit(4)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching("k-means found [1-3] clusters of patches where noprop.embedding.patches.count = 4"
                        + " are needed; raise noprop.embedding.patches.sample");
    }

    /** Patches near the first three axes. */
    private WhitenedSample clustered(double spread) {
        float[] patches = new float[600 * LENGTH];
        for (int patch = 0; patch < 600; patch++) {
            double squares = 0;
            for (int i = 0; i < LENGTH; i++) {
                float value = (float) ((i == patch % 3 ? 1 : 0) + spread * random.nextGaussian());
                patches[patch * LENGTH + i] = value;
                squares += value * value;
            }
            for (int i = 0; i < LENGTH; i++) {
                patches[patch * LENGTH + i] /= (float) Math.sqrt(squares);
            }
        }
        return new WhitenedSample(new Whitening(new float[LENGTH], new float[LENGTH * LENGTH]), patches);
    }

    private static PatchFit fit(int count) {
        return new PatchFit(600, 0.1, count, 20, 600, 0, 0, 3);
    }
}
