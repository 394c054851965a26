package org.noprop.training;

import org.noprop.data.EmbeddingTable;

/** The rows of one mini-batch, gathered into arrays that are used again for every batch. */
final class RowBatch {
    private final EmbeddingTable table;
    private final float[] images;
    private final int[] labels;
    private final long[] ids;

    RowBatch(EmbeddingTable table, int batchSize) {
        this.table = table;
        this.images = new float[batchSize * table.width()];
        this.labels = new int[batchSize];
        this.ids = new long[batchSize];
    }

    /** Gathers the rows {@code order[from]} … {@code order[from + count - 1]}. */
    void gather(int[] order, int from, int count) {
        for (int i = 0; i < count; i++) {
            int row = order[from + i];
            table.copyRow(row, images, i * table.width());
            labels[i] = table.label(row);
            ids[i] = table.id(row);
        }
    }

    float[] images() {
        return images;
    }

    int[] labels() {
        return labels;
    }

    long id(int i) {
        return ids[i];
    }
}
