package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DropoutTest {
    private static final int WIDTH = 3000;

    static {
        NativeBackend.load();
    }

    private final Scratch scratch = new Scratch(DataType.FLOAT);

    @Test
    void aFifthIsDroppedAndTheRestDividedByFourFifths() {
        float[] values = drop(.2, 0, seeds(200));
        assertThat(share(values)).isCloseTo(.8, within(.002));
        for (float value : values) {
            assertThat(value == 0 || value == 1.25f).isTrue();
        }
    }

    @Test
    void anyOtherRateIsKeptToo() {
        for (double rate : new double[] {.05, .5, .75}) {
            assertThat(share(drop(rate, 0, seeds(100)))).isCloseTo(1 - rate, within(.004));
        }
        assertThat(drop(0, 0, seeds(3))).containsOnly(1);
    }

    @Test
    void aRowsMaskFollowsFromItsSeedAndTheLayerWhereverItStands() {
        float[] first = drop(.2, 1, 11, 22, 33);
        float[] second = drop(.2, 1, 33, 11);
        assertThat(row(second, 0)).isEqualTo(row(first, 2));
        assertThat(row(second, 1)).isEqualTo(row(first, 0));
        assertThat(row(drop(.2, 2, 11), 0)).isNotEqualTo(row(first, 0));
        assertThat(row(first, 1)).isNotEqualTo(row(first, 0));
    }

    @Test
    void masksOfNeighbouringSeedsLayersAndPlacesAreIndependent() {
        float[] seeds = drop(.2, 0, seeds(200));
        float[] layers = drop(.2, 1, seeds(200));
        assertThat(agreement(seeds, layers, 0)).isCloseTo(.68, within(.002));
        assertThat(agreement(seeds, seeds, 1)).isCloseTo(.68, within(.002));
        assertThat(agreement(seeds, seeds, WIDTH)).isCloseTo(.68, within(.002));
        double[] perPlace = new double[WIDTH];
        for (int i = 0; i < seeds.length; i++) {
            perPlace[i % WIDTH] += seeds[i] > 0 ? 1.0 / 200 : 0;
        }
        // The deviation of a mean of 200 is 0.028: five of them.
        assertThat(Arrays.stream(perPlace).min().orElseThrow()).isGreaterThan(.65);
        assertThat(Arrays.stream(perPlace).max().orElseThrow()).isLessThan(.95);
    }

    @Test
    void valuesAreMultipliedNotReplaced() {
        INDArray values = Nd4j.createFromArray(new float[][] {{1, -2, 3, -4, 5, -6}});
        INDArray before = values.dup();
        new Dropout(scratch, .5, 0).apply(values, new long[] {7});
        for (int i = 0; i < 6; i++) {
            assertThat(values.getFloat(0, i)).isIn(0f, -0f, 2 * before.getFloat(0, i));
        }
        assertThat(values.toFloatVector()).isNotEqualTo(before.toFloatVector());
    }

    private float[] drop(double rate, int layer, long... seeds) {
        INDArray values = Nd4j.ones(DataType.FLOAT, seeds.length, WIDTH);
        new Dropout(scratch, rate, layer).apply(values, seeds);
        return values.data().asFloat();
    }

    private static long[] seeds(int count) {
        long[] seeds = new long[count];
        Arrays.setAll(seeds, i -> i);
        return seeds;
    }

    private static float[] row(float[] values, int row) {
        return Arrays.copyOfRange(values, row * WIDTH, (row + 1) * WIDTH);
    }

    private static double share(float[] values) {
        int kept = 0;
        for (float value : values) {
            kept += value == 0 ? 0 : 1;
        }
        return (double) kept / values.length;
    }

    /** How often both keep or both drop: .8² + .2² where they know nothing of each other. */
    private static double agreement(float[] one, float[] other, int shift) {
        int equal = 0;
        for (int i = shift; i < one.length; i++) {
            equal += one[i - shift] == other[i] ? 1 : 0;
        }
        return (double) equal / (one.length - shift);
    }
}
