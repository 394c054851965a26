package org.noprop.tensor;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A row-major matrix in native memory with a fixed number of columns and as many rows as the batch at
 * hand: smaller batches use the first rows of the same memory, so that it grows only when a batch is
 * larger than every earlier one.
 */
public final class Rows implements AutoCloseable {
    private final DataType type;
    private final int columns;
    private INDArray storage;
    private INDArray matrix;
    private HostValues host;

    /**
     * Some rows of a contiguous row-major matrix, in its own memory. ND4J's own {@code get} gives an empty array where
     * the matrix is part of a longer vector, begins there before the place of its own length, and the rows begin after.
     */
    public static INDArray of(INDArray matrix, long first, long count) {
        long columns = matrix.columns();
        return Nd4j.create(
                matrix.data(),
                new long[] {count, columns},
                new long[] {columns, 1},
                matrix.offset() + first * columns,
                'c');
    }

    /** An empty matrix of {@code columns} columns. */
    public Rows(DataType type, int columns) {
        this.type = type;
        this.columns = columns;
    }

    /**
     * The first {@code rows} rows; their content is undefined if the matrix had fewer.
     *
     * @param rows at least 1
     */
    public INDArray matrix(int rows) {
        if (matrix == null || matrix.rows() != rows) {
            reserve(rows);
            matrix = storage.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all());
            host = null;
        }
        return matrix;
    }

    /** The rows of the last {@link #matrix(int)}. */
    public INDArray matrix() {
        return matrix;
    }

    /** The host's copy of {@link #matrix()}. */
    public HostValues host() {
        if (host == null) {
            host = new HostValues(matrix);
        }
        return host;
    }

    /** Native bytes held. */
    public long bytes() {
        return storage == null ? 0 : storage.length() * type.width();
    }

    @Override
    public void close() {
        if (storage != null) {
            storage.close();
            storage = null;
            matrix = null;
            host = null;
        }
    }

    private void reserve(int rows) {
        if (storage == null || storage.rows() < rows) {
            close();
            storage = Nd4j.createUninitialized(type, rows, columns);
        }
    }
}
