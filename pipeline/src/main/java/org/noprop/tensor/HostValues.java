package org.noprop.tensor;

import org.bytedeco.javacpp.DoublePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A host copy of a small contiguous array, in double precision whatever the array's own: for arithmetic
 * on a few values for each class or feature, where a native op costs more than the arithmetic.
 */
public final class HostValues {
    private final INDArray array;
    private final float[] single;
    private final double[] values;

    /**
     * A copy of nothing yet.
     *
     * @param array float32 or float64, contiguous
     */
    public HostValues(INDArray array) {
        this.array = array;
        this.values = new double[Math.toIntExact(array.length())];
        this.single = array.dataType() == DataType.FLOAT ? new float[values.length] : null;
    }

    /** The array. */
    public INDArray array() {
        return array;
    }

    /** The host's values, in the array's order; the same Java array each time. */
    public double[] values() {
        return values;
    }

    /** Reads the array into {@link #values}. */
    public double[] pull() {
        if (single == null) {
            new DoublePointer(HostMemory.of(array)).get(values);
            return values;
        }
        HostMemory.floats(array).get(single);
        for (int i = 0; i < values.length; i++) {
            values[i] = single[i];
        }
        return values;
    }

    /** Writes {@link #values} into the array, which it returns. */
    public INDArray push() {
        if (single == null) {
            new DoublePointer(HostMemory.of(array)).put(values);
            HostMemory.written(array);
            return array;
        }
        for (int i = 0; i < values.length; i++) {
            single[i] = (float) values[i];
        }
        HostMemory.floats(array).put(single);
        HostMemory.written(array);
        return array;
    }
}
