package org.noprop.inference;

import java.util.stream.IntStream;
import org.noprop.data.EmbeddingRows;
import org.noprop.data.EmbeddingTable;

/**
 * A range of a split's rows as a model may see them: without their labels. Rows that are streamed are read anew each time
 * that a model starts with the first one.
 *
 * @param table the rows
 * @param first where the range starts
 * @param rows how many rows it has
 */
public record TableRows(EmbeddingRows table, int first, int rows) implements ImageRows {
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
        if (row == 0) {
            table.visit(IntStream.range(first, first + rows).toArray());
        }
        table.copyRow(first + row, into, offset);
    }
}
