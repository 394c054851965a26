package org.noprop.tensor;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Native memory in which one matrix after another lies, of whatever size is asked for: it holds as much as
 * the largest needs. The same size gives the same array again, until a larger one is asked for.
 */
final class SharedMatrix implements AutoCloseable {
    private final DataType type;
    private final Map<Size, INDArray> views = new HashMap<>();
    private INDArray storage;

    private record Size(int rows, int columns) {}

    /** Nothing yet. */
    SharedMatrix(DataType type) {
        this.type = type;
    }

    /** A row-major matrix of undefined content; it takes the place of the one before. */
    INDArray matrix(int rows, int columns) {
        long length = (long) rows * columns;
        if (storage == null || storage.length() < length) {
            close();
            storage = Nd4j.createUninitialized(type, length);
        }
        return views.computeIfAbsent(new Size(rows, columns), size -> storage.get(NDArrayIndex.interval(0, length))
                .reshape('c', true, rows, columns));
    }

    /** Bytes held. */
    long bytes() {
        return storage == null ? 0 : storage.length() * type.width();
    }

    @Override
    public void close() {
        if (storage != null) {
            storage.close();
            storage = null;
            views.clear();
        }
    }
}
