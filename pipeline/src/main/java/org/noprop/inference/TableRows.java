package org.noprop.inference;

import org.noprop.data.EmbeddingTable;

/**
 * A range of a table's rows as a model may see them: without their labels.
 *
 * @param table the rows
 * @param first where the range starts
 * @param rows how many rows it has
 */
public record TableRows(EmbeddingTable table, int first, int rows) implements ImageRows {
    /** All rows of a table. */
    public static TableRows all(EmbeddingTable table) {
        return new TableRows(table, 0, table.rows());
    }

    @Override
    public int width() {
        return table.width();
    }

    @Override
    public long id(int row) {
        return table.id(first + row);
    }

    @Override
    public void copyRow(int row, float[] into, int offset) {
        table.copyRow(first + row, into, offset);
    }
}
