package org.noprop.data;

import java.util.Arrays;

/**
 * Rows of which those row groups are in memory that were visited, by this thread or another: a member of a partition
 * group reads its own shard alone. It belongs to one thread; what it reads is shared.
 */
final class KeptEmbeddings extends GroupedEmbeddings {
    private final EmbeddingTable[] tables;

    KeptEmbeddings(EmbeddingGroups groups) {
        super(groups);
        this.tables = new EmbeddingTable[groups.count()];
    }

    @Override
    public void visit(int[] order) {
        Arrays.stream(order).map(groups()::groupOf).distinct().sorted().forEach(group -> {
            if (tables[group] == null) {
                tables[group] = groups().kept(group, this::count);
            }
        });
    }

    @Override
    public void copyRow(int row, float[] into, int offset) {
        int group = groups().groupOf(row);
        tables[group].copyRow(row - groups().firstRow(group), into, offset);
    }
}
