package org.noprop.training;

import org.noprop.data.EmbeddingRows;

/** The rows of one mini-batch, gathered into arrays that are used again for every batch. */
final class RowBatch {
    private final EmbeddingRows table;
    private final InputDropout dropout;
    private final LabelChanges changes;
    private final float[] images;
    private final int[] labels;
    private final long[] ids;

    /**
     * Batches of a learner.
     *
     * @param table the training rows
     * @param classes m
     * @param settings batch size, seed and regularisation
     * @param learner {@link Learner#number}
     */
    RowBatch(EmbeddingRows table, int classes, TrainingSettings settings, int learner) {
        Regularisation regularisation = settings.regularisation();
        this.table = table;
        this.dropout = new InputDropout(regularisation.inputDropout(), settings.seed(), learner);
        this.changes = new LabelChanges(regularisation.labelNoise(), classes, settings.seed(), learner);
        this.images = new float[settings.batchSize() * table.width()];
        this.labels = new int[settings.batchSize()];
        this.ids = new long[settings.batchSize()];
    }

    /**
     * Gathers the rows {@code order[from]} … {@code order[from + count - 1]} as an epoch sees them; an order from its
     * beginning on.
     */
    void gather(int epoch, int[] order, int from, int count) {
        if (from == 0) {
            table.visit(order);
        }
        int width = table.width();
        for (int i = 0; i < count; i++) {
            int row = order[from + i];
            ids[i] = table.id(row);
            labels[i] = changes.of(epoch, ids[i], table.label(row));
            table.copyRow(row, images, i * width);
            dropout.apply(epoch, ids[i], images, i * width, width);
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
