package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardCutTest {
    private static final int GROUP = 100;
    private static final int CLASSES = 10;

    private static EmbeddingTable table(int groups, IntUnaryOperator labels) {
        EmbeddingTable.Builder table = new EmbeddingTable.Builder((long) groups * GROUP, 1);
        for (int row = 0; row < groups * GROUP; row++) {
            if (row % GROUP == 0) {
                table.startRowGroup();
            }
            table.add(3L * row, labels.applyAsInt(row));
        }
        return table.build();
    }

    private static EmbeddingTable mixed(int groups) {
        SplittableRandom random = new SplittableRandom(4);
        return table(groups, row -> random.nextInt(CLASSES));
    }

    /** Numbers of rows, a line a shard, a column a class. */
    private static int[][] counts(EmbeddingTable table, int shards) {
        int[][] counts = new int[shards][CLASSES];
        for (int number = 1; number <= shards; number++) {
            for (int row : new Shard(number, shards).rowsOf(table)) {
                counts[number - 1][table.label(row)]++;
            }
        }
        return counts;
    }

    @Test
    void shardsAreWholeRowGroupsAndEveryRowBelongsToOne() {
        EmbeddingTable table = mixed(22);
        int[] shardOfGroup = new int[22];
        int[] times = new int[table.rows()];
        for (int number = 1; number <= 4; number++) {
            int[] rows = new Shard(number, 4).rowsOf(table);
            assertThat(rows).isSorted();
            assertThat(rows.length).isIn(5 * GROUP, 6 * GROUP);
            for (int row : rows) {
                times[row]++;
                shardOfGroup[row / GROUP] = number;
            }
            int shard = number;
            assertThat(Arrays.stream(rows)).allMatch(row -> shardOfGroup[row / GROUP] == shard);
        }
        assertThat(times).containsOnly(1);
        assertThat(ShardCut.of(table, 4).byRowGroups()).isTrue();
    }

    @Test
    void classesAreDealtOutEvenlyThoughEachRowGroupHasOne() {
        EmbeddingTable sorted = table(4 * CLASSES, row -> row / (4 * GROUP));

        assertThat(ShardCut.of(sorted, 4).byRowGroups()).isTrue();
        for (int[] shard : counts(sorted, 4)) {
            assertThat(shard).containsOnly(GROUP);
        }
    }

    @Test
    void theCutIsByIdWhereRowGroupsAreTooFewOrEachIsOfAnotherClass() {
        EmbeddingTable few = mixed(3);
        EmbeddingTable sorted = table(CLASSES, row -> row / GROUP);

        for (EmbeddingTable table : new EmbeddingTable[] {few, sorted}) {
            assertThat(ShardCut.of(table, 4).byRowGroups()).isFalse();
            Shard shard = new Shard(2, 4);
            assertThat(shard.rowsOf(table))
                    .isEqualTo(IntStream.range(0, table.rows())
                            .filter(row -> shard.holds(table.id(row)))
                            .toArray());
        }
    }

    @Test
    void shardsThatWouldBeTooUnequalAreCutById() {
        assertThat(ShardCut.of(mixed(16), 8).byRowGroups()).isTrue();
        assertThat(ShardCut.of(mixed(9), 8).byRowGroups())
                .as("two row groups for one shard, one for the others")
                .isFalse();
    }
}
