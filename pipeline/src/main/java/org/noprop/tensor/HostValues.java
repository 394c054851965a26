package org.noprop.tensor;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A host copy of a small contiguous array, in double precision whatever the array's own: for arithmetic
 * on a few values for each class or feature, where a native op costs more than the arithmetic.
 */
public final class HostValues {
    private final INDArray array;
    private final Pointer pointer;
    private final float[] single;
    private final double[] values;

    /**
     * A copy of nothing yet.
     *
     * @param array float32 or float64, contiguous
     */
    public HostValues(INDArray array) {
        this.array = array;
        this.pointer = array.data().addressPointer();
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
            new DoublePointer(pointer).get(values);
            return values;
        }
        ((FloatPointer) pointer).get(single);
        for (int i = 0; i < values.length; i++) {
            values[i] = single[i];
        }
        return values;
    }

    /** Writes {@link #values} into the array, which it returns. */
    public INDArray push() {
        if (single == null) {
            new DoublePointer(pointer).put(values);
            return array;
        }
        for (int i = 0; i < values.length; i++) {
            single[i] = (float) values[i];
        }
        ((FloatPointer) pointer).put(single);
        return array;
    }
}
