package org.noprop.evaluation;

import org.noprop.data.EmbeddingTable;
import org.noprop.inference.ImageRows;

/** The images of a split without its labels, which is all that inference gets. */
public final class TestImages implements ImageRows {
    private final EmbeddingTable table;

    /** The images of this table. */
    public TestImages(EmbeddingTable table) {
        this.table = table;
    }

    /** The class of each row: for {@link Evaluation}, which compares when the predictions are complete. */
    public static int[] labels(EmbeddingTable table) {
        int[] labels = new int[table.rows()];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = table.label(row);
        }
        return labels;
    }

    @Override
    public int rows() {
        return table.rows();
    }

    @Override
    public int width() {
        return table.width();
    }

    @Override
    public long id(int row) {
        return table.id(row);
    }

    @Override
    public void copyRow(int row, float[] into, int offset) {
        table.copyRow(row, into, offset);
    }
}
