package org.noprop.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.NoiseKey.Purpose;

class NoiseKeyTest {

    @Test
    void keysOfNearbyAddressesNeverCollide() {
        Set<Long> states = new HashSet<>();
        int keys = 0;
        for (long seed = -1; seed <= 3; seed++) {
            for (Purpose purpose : Purpose.values()) {
                for (int block = 0; block < 12; block++) {
                    NoiseKey key = NoiseKey.of(seed, purpose).at(block);
                    states.add(key.state());
                    keys++;
                    for (int row = 0; row < 300; row++) {
                        states.add(key.at(row).state());
                        keys++;
                    }
                }
            }
        }
        assertThat(states).hasSize(keys);
    }

    @Test
    void theOrderOfPartsCounts() {
        NoiseKey key = NoiseKey.of(1, Purpose.BLOCK_INPUT);
        assertThat(key.at(2).at(3)).isNotEqualTo(key.at(3).at(2));
        assertThat(key.at(0)).isNotEqualTo(key);
    }

    @Test
    void aKeyAlwaysGivesTheSameDraws() {
        NoiseKey key = NoiseKey.of(5, Purpose.CHAIN_STEP).at(4);
        float[] first = new float[20];
        float[] second = new float[20];
        LabelNoise.standard(key, first, 0, 20);
        LabelNoise.standard(NoiseKey.of(5, Purpose.CHAIN_STEP).at(4), second, 0, 20);
        assertThat(second).containsExactly(first);
    }

    /** Runs stay repeatable only while this stays; the value was computed by another program. */
    @Test
    void aKeyIsAFixedFunctionOfItsParts() {
        assertThat(NoiseKey.of(42, Purpose.BLOCK_INPUT).at(7).state()).isEqualTo(-831240025320863372L);
    }

    @Test
    void drawsOfNeighbouringRowsPurposesAndSeedsAreUncorrelated() {
        int rows = 50_000;
        float[] base = firstDraws(1, Purpose.BLOCK_INPUT, 0, rows);
        double tolerance = 4 / Math.sqrt(rows);
        assertThat(correlation(base, firstDraws(1, Purpose.BLOCK_INPUT, 1, rows)))
                .isCloseTo(0, within(tolerance));
        assertThat(correlation(base, firstDraws(1, Purpose.HEAD_INPUT, 0, rows)))
                .isCloseTo(0, within(tolerance));
        assertThat(correlation(base, firstDraws(2, Purpose.BLOCK_INPUT, 0, rows)))
                .isCloseTo(0, within(tolerance));
    }

    @Test
    void firstDrawsOverRowsAreStandardNormal() {
        float[] draws = firstDraws(9, Purpose.CHAIN_START, 0, 200_000);
        Moments moments = Moments.of(draws);
        int beyondTwo = 0;
        for (float draw : draws) {
            beyondTwo += Math.abs(draw) > 2 ? 1 : 0;
        }
        assertThat(moments.mean()).isCloseTo(0, within(0.01));
        assertThat(moments.variance()).isCloseTo(1, within(0.015));
        assertThat(beyondTwo / 200_000.0).isCloseTo(0.0455, within(0.002));
    }

    private static float[] firstDraws(long seed, Purpose purpose, int firstRow, int rows) {
        float[] draws = new float[rows];
        NoiseKey key = NoiseKey.of(seed, purpose);
        for (int row = 0; row < rows; row++) {
            LabelNoise.standard(key.at(firstRow + row), draws, row, 1);
        }
        return draws;
    }

    private static double correlation(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum / a.length;
    }
}
