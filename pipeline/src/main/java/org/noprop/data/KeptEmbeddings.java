package org.noprop.data;

import java.util.Arrays;

/**
 * Rows of which those row groups are in memory that were visited, by this thread or another: a member of a partition
 * group reads its own shard alone. It belongs to one thread; what it reads is shared.
 */
final class KeptEmbeddings implements EmbeddingRows {
    private final EmbeddingGroups groups;
    private final EmbeddingTable[] tables;
    private long bytesRead;

    KeptEmbeddings(EmbeddingGroups groups) {
        this.groups = groups;
        this.tables = new EmbeddingTable[groups.count()];
    }

    @Override
    public int rows() {
        return groups.keys().rows();
    }

    @Override
    public int width() {
        return groups.width();
    }

    @Override
    public long id(int row) {
        return groups.keys().id(row);
    }

    @Override
    public int label(int row) {
        return groups.keys().label(row);
    }

    @Override
    public int[] rowGroups() {
        return groups.keys().rowGroups();
    }

    @Override
    public void visit(int[] order) {
        Arrays.stream(order).map(groups::groupOf).distinct().sorted().forEach(group -> {
            if (tables[group] == null) {
                tables[group] = groups.kept(group, read -> bytesRead += read.bytesRead());
            }
        });
    }

    @Override
    public void copyRow(int row, float[] into, int offset) {
        int group = groups.groupOf(row);
        tables[group].copyRow(row - groups.firstRow(group), into, offset);
    }

    @Override
    public long bytesRead() {
        return bytesRead;
    }
}
