package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Selected values are those that sorting would put there, and nothing else than the range is moved. */
class SelectionTest {
    private static final int MARGIN = 3;

    private final Random random = new Random(5);

    @Test
    void aSelectedValueStandsWhereItWouldIfSorted() {
        for (int length = 1; length < 60; length++) {
            float[] values = values(length + 2 * MARGIN, 1 + length / 2);
            float[] before = values.clone();
            float[] sorted = values.clone();
            int end = MARGIN + length;
            Arrays.sort(sorted, MARGIN, end);
            int rank = MARGIN + random.nextInt(length);

            assertThat(Selection.select(values, MARGIN, end, rank)).isEqualTo(sorted[rank]);

            assertThat(values[rank]).isEqualTo(sorted[rank]);
            assertThat(boxed(values, MARGIN, rank)).allMatch(value -> value <= sorted[rank]);
            assertThat(boxed(values, rank, end)).allMatch(value -> value >= sorted[rank]);
            assertThat(Arrays.copyOf(values, MARGIN)).containsExactly(Arrays.copyOf(before, MARGIN));
            assertThat(Arrays.copyOfRange(values, end, values.length))
                    .containsExactly(Arrays.copyOfRange(before, end, before.length));
        }
    }

    private static List<Float> boxed(float[] values, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> values[i]).toList();
    }

    private float[] values(int length, int different) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(different);
        }
        return values;
    }
}
