package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class RowsTest {
    private static final int ROWS = 6;
    private static final int COLUMNS = 5;

    /** Wherever the matrix lies in a vector, and whichever rows are asked for. */
    @Test
    void rowsOfAMatrixThatIsPartOfAVectorAreItsRows() {
        INDArray vector = Nd4j.arange(200).castTo(DataType.FLOAT);
        for (int offset = 0; offset < 100; offset++) {
            INDArray matrix = vector.get(NDArrayIndex.interval(offset, offset + ROWS * COLUMNS))
                    .reshape('c', ROWS, COLUMNS);
            for (int first = 0; first < ROWS; first++) {
                for (int count = 1; count <= ROWS - first; count++) {
                    INDArray rows = Rows.of(matrix, first, count);
                    assertThat(rows.shape()).containsExactly(count, COLUMNS);
                    assertThat(rows.getFloat(0, 0)).isEqualTo(offset + first * COLUMNS);
                    assertThat(rows.getFloat(count - 1, COLUMNS - 1)).isEqualTo(offset + (first + count) * COLUMNS - 1);
                }
            }
        }
    }
}
