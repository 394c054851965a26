package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EmbeddingTableTest {

    @Test
    void rowsBeyondTheFirstChunkAreFound() {
        int width = 1 << 22;
        float[][] embeddings = new float[6][width];
        long[] ids = new long[6];
        for (int row = 0; row < 6; row++) {
            ids[row] = 10L * row;
            embeddings[row][0] = row;
            embeddings[row][width - 1] = -row;
        }
        EmbeddingTable table = EmbeddingTable.of(ids, new int[6], embeddings);
        float[] copy = new float[width];
        for (int row = 0; row < 6; row++) {
            table.copyRow(row, copy, 0);
            assertThat(copy[0]).isEqualTo(row);
            assertThat(copy[width - 1]).isEqualTo(-row);
        }
        assertThat(table.bytes()).isEqualTo(6L * (4L * width + 12));
    }

    @Test
    void idsThatDoNotAscendAreRefused() {
        assertThatThrownBy(() -> EmbeddingTable.of(new long[] {2, 2}, new int[2], new float[2][1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Row 1 has an id out of order or another width");
    }
}
