package org.noprop.training;

import org.noprop.data.EmbeddingRows;

/** The rows of one mini-batch, gathered into arrays that are used again for every batch. */
final class RowBatch {
    private final EmbeddingRows table;
    private final float[] images;
    private final int[] labels;
    private final long[] ids;

    RowBatch(EmbeddingRows table, int batchSize) {
        this.table = table;
        this.images = new float[batchSize * table.width()];
        this.labels = new int[batchSize];
        this.ids = new long[batchSize];
    }

    /** Gathers the rows {@code order[from]} … {@code order[from + count - 1]}; an order from its beginning on. */
    void gather(int[] order, int from, int count) {
        if (from == 0) {
            table.visit(order);
        }
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
