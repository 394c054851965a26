package org.noprop.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;

class RowOrderTest {
    private static final int[] GROUPS = {0, 7, 10, 25, 26};
    private static final int ALL = 40;

    private static int[] shuffled(RowOrder order, int epoch) {
        int[] into = new int[order.rows()];
        order.shuffle(5, 2, epoch, into);
        return into;
    }

    private static int groupOf(int row) {
        int group = 0;
        while (group + 1 < GROUPS.length && GROUPS[group + 1] <= row) {
            group++;
        }
        return group;
    }

    @Test
    void aBufferForAllRowsGivesTheUniformPermutationWhateverTheirGroups() {
        int[] all = IntStream.range(0, ALL).toArray();

        assertThat(shuffled(new RowOrder(all, GROUPS, ALL, ALL), 3))
                .isEqualTo(shuffled(RowOrder.of(ALL), 3))
                .isEqualTo(fisherYates(3));
    }

    /** The oracle: swaps from the first place to the last, each with a place up to its own. */
    private static int[] fisherYates(int epoch) {
        SplittableRandom random =
                NoiseKey.of(5, Purpose.ROW_ORDER).at(2).at(epoch).generator();
        int[] rows = IntStream.range(0, ALL).toArray();
        for (int i = 0; i < ALL; i++) {
            int j = random.nextInt(i + 1);
            int row = rows[i];
            rows[i] = rows[j];
            rows[j] = row;
        }
        return rows;
    }

    @Test
    void aSmallerBufferTakesWholeGroupsInRandomOrderAsManyAsItHolds() {
        int buffer = 16;
        RowOrder order = new RowOrder(IntStream.range(0, ALL).toArray(), GROUPS, ALL, buffer);
        List<List<Integer>> firstGroups = new ArrayList<>();
        for (int epoch = 1; epoch <= 50; epoch++) {
            int[] rows = shuffled(order, epoch);

            assertThat(rows).containsExactlyInAnyOrder(IntStream.range(0, ALL).toArray());
            for (int group = 0; group < GROUPS.length; group++) {
                int wanted = group;
                int[] places = IntStream.range(0, ALL)
                        .filter(place -> groupOf(rows[place]) == wanted)
                        .toArray();
                assertThat(places[places.length - 1] - places[0])
                        .as("the rows of group %d lie in one window", group)
                        .isLessThan(buffer);
            }
            firstGroups.add(
                    Arrays.stream(rows, 0, 1).mapToObj(RowOrderTest::groupOf).toList());
        }
        assertThat(firstGroups).as("which group comes first").contains(List.of(0), List.of(2), List.of(4));
    }

    @Test
    void someOfTheRowsComeInWindowsOfTheSameGroups() {
        int[] odd = IntStream.range(0, ALL).filter(row -> row % 2 == 1).toArray();

        assertThat(shuffled(new RowOrder(odd, GROUPS, ALL, 16), 1)).containsExactlyInAnyOrder(odd);
    }

    @Test
    void epochsAndSeedsHaveOrdersOfTheirOwn() {
        RowOrder order = new RowOrder(IntStream.range(0, ALL).toArray(), GROUPS, ALL, 16);
        int[] other = new int[ALL];
        order.shuffle(6, 2, 1, other);

        assertThat(shuffled(order, 1)).isNotEqualTo(shuffled(order, 2)).isNotEqualTo(other);
        assertThat(shuffled(order, 1)).isEqualTo(shuffled(order, 1));
    }
}
