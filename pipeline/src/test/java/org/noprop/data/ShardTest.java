package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardTest {
    private static final int ROWS = 10_000;

    @Test
    void everyRowBelongsToOneShardAndShardsAreAboutAsLarge() {
        EmbeddingTable table = table();
        int[] all = new int[ROWS];
        for (int number = 1; number <= 4; number++) {
            int[] rows = new Shard(number, 4).rowsOf(table);
            assertThat(rows.length).isBetween(2350, 2650);
            Arrays.stream(rows).forEach(row -> all[row]++);
        }
        assertThat(all).containsOnly(1);
    }

    @Test
    void theCutDependsOnTheIdAlone() {
        Shard shard = new Shard(2, 3);
        EmbeddingTable table = table();
        assertThat(Arrays.stream(shard.rowsOf(table))).allMatch(row -> shard.holds(table.id(row)));
    }

    @Test
    void theWholeIsAllRowsInOrder() {
        assertThat(Shard.WHOLE.rowsOf(table()))
                .isEqualTo(IntStream.range(0, ROWS).toArray());
    }

    @Test
    void aShardIsNamedAfterItsPlace() {
        assertThat(new Shard(2, 4)).hasToString("shard 2/4");
    }

    private static EmbeddingTable table() {
        long[] ids = IntStream.range(0, ROWS).mapToLong(row -> 7L * row).toArray();
        return EmbeddingTable.of(ids, new int[ROWS], new float[ROWS][1]);
    }
}
