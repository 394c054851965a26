package org.noprop.tensor;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A row-major matrix of float32 in native memory. Native products work on it; loops read it into Java arrays, which
 * are what the JIT compiler turns into vector instructions.
 */
public final class FloatMatrix implements AutoCloseable {
    private final INDArray array;

    FloatMatrix(INDArray array) {
        this.array = array;
    }

    /** A matrix of zeros. */
    public static FloatMatrix of(int rows, int columns) {
        return new FloatMatrix(Nd4j.create(DataType.FLOAT, rows, columns));
    }

    /** How many rows. */
    public int rows() {
        return array.rows();
    }

    /** How many columns. */
    public int columns() {
        return array.columns();
    }

    /** Rows {@code first} … {@code first + count - 1} in the same memory. */
    public FloatMatrix rows(int first, int count) {
        return new FloatMatrix(Rows.of(array, first, count));
    }

    /**
     * A matrix in the same memory.
     *
     * @param from the value of this matrix, counted row by row, that is its first
     */
    public FloatMatrix part(long from, int rows, int columns) {
        INDArray values = array.reshape('c', true, array.length());
        return new FloatMatrix(values.get(NDArrayIndex.interval(from, from + (long) rows * columns))
                .reshape('c', true, rows, columns));
    }

    /** Reads values {@code from} … {@code from + count - 1}, counted row by row, into the beginning of an array. */
    public void read(long from, float[] into, int count) {
        host().position(from).get(into, 0, count);
    }

    /** Writes the first values of an array to {@code from} … {@code from + count - 1}. */
    public void write(long from, float[] values, int count) {
        host().position(from).put(values, 0, count);
        HostMemory.written(array);
    }

    /** A pointer of its own, as its position moves. */
    private FloatPointer host() {
        return new FloatPointer(HostMemory.of(array));
    }

    INDArray array() {
        return array;
    }

    /** Frees the memory; of a matrix that is not a part of another. */
    @Override
    public void close() {
        array.close();
    }
}
