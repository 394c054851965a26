package org.noprop.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.HostMemory;
import org.noprop.tensor.Rows;

/** The native copy of a batch's input, in memory that is used again from batch to batch. */
final class BatchInput implements AutoCloseable {
    /** Rows that inference takes at once: memory does not grow beyond. */
    static final int CHUNK = 256;

    private final Rows rows;
    private final int columns;

    BatchInput(int columns) {
        this.rows = new Rows(DataType.FLOAT, columns);
        this.columns = columns;
    }

    /**
     * Copies rows in.
     *
     * @param values at least (first + count) × columns of them, row-major
     * @param first the first row
     * @param count how many rows
     * @return [count, columns]
     */
    INDArray copy(float[] values, int first, int count) {
        INDArray matrix = rows.matrix(count);
        HostMemory.floats(matrix).put(values, first * columns, count * columns);
        HostMemory.written(matrix);
        return matrix;
    }

    /** Copies rows in, rounded to float32; otherwise as {@link #copy(float[], int, int)}. */
    INDArray copy(double[] values, int first, int count) {
        rows.matrix(count);
        System.arraycopy(values, first * columns, rows.host().values(), 0, count * columns);
        return rows.host().push();
    }

    /** Copies all of {@code from} to {@code to} at {@code start}, rounded to float32. */
    static void copyOut(double[] from, float[] to, int start) {
        for (int i = 0; i < from.length; i++) {
            to[start + i] = (float) from[i];
        }
    }

    /** Copies an output of {@code columns} columns to the host, to row {@code first} and after. */
    static void copyOut(INDArray matrix, float[] values, int first) {
        int columns = matrix.columns();
        HostMemory.floats(matrix).get(values, first * columns, Math.toIntExact(matrix.length()));
    }

    long bytes() {
        return rows.bytes();
    }

    @Override
    public void close() {
        rows.close();
    }
}
