package org.noprop.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.noprop.data.EmbeddingTable;

class TableRowsTest {
    private final EmbeddingTable table =
            EmbeddingTable.of(new long[] {7, 9, 12}, new int[] {1, 2, 0}, new float[][] {{1, 2}, {3, 4}, {5, 6}});

    @Test
    void aRangeStartsAtItsOwnFirstRow() {
        TableRows range = new TableRows(table, 1, 2);
        float[] row = new float[3];
        range.copyRow(1, row, 1);
        assertThat(range.rows()).isEqualTo(2);
        assertThat(range.width()).isEqualTo(2);
        assertThat(range.id(0)).isEqualTo(9);
        assertThat(range.id(1)).isEqualTo(12);
        assertThat(row).containsExactly(0, 5, 6);
    }

    @Test
    void allRowsAreTheWholeTable() {
        assertThat(TableRows.all(table)).isEqualTo(new TableRows(table, 0, 3));
    }
}
