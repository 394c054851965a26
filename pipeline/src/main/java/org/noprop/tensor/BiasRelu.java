package org.noprop.tensor;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A bias and a ReLU after a matrix product: y = max(0, x + b). In float32 it runs in Java, each row in arrays
 * of its own whose loops the JIT compiler turns into vector instructions; in float64, which only checks of
 * gradients use, by ND4J's ops.
 */
public final class BiasRelu {
    private final Scratch scratch;
    private final float[] row;
    private final float[] other;
    private final float[] sums;

    /** A bias of {@code width} features. */
    public BiasRelu(Scratch scratch, int width) {
        this.scratch = scratch;
        this.row = new float[width];
        this.other = new float[width];
        this.sums = new float[width];
    }

    /**
     * Replaces x by y.
     *
     * @param x [rows, width], row-major
     * @param bias [width] or [1, width]
     */
    public void forward(INDArray x, INDArray bias) {
        if (x.dataType() != DataType.FLOAT) {
            Transforms.relu(x.addiRowVector(bias), false);
            return;
        }
        HostMemory.floats(bias).get(other);
        FloatPointer values = HostMemory.floats(x);
        long start = values.position();
        for (int i = 0; i < x.rows(); i++) {
            values.position(start + (long) i * row.length).get(row);
            addAndCut(row, other);
            values.put(row);
        }
        values.position(start);
        HostMemory.written(x);
    }

    /**
     * The gradient by x, and that of the bias.
     *
     * @param outputGradient [rows, width]; not changed
     * @param y what {@link #forward} gave, [rows, width]
     * @param biasGradient receives [width]
     * @return [rows, width], to be used before any other layer's backward pass
     */
    public INDArray backward(INDArray outputGradient, INDArray y, INDArray biasGradient) {
        INDArray slope = scratch.gradient(y.rows(), row.length);
        if (y.dataType() != DataType.FLOAT) {
            Nd4j.exec(new MulOp(outputGradient, Transforms.sign(y, true), slope));
            Product.columnSums(slope, scratch.ones(y.rows()), 1, biasGradient);
            return slope;
        }
        Arrays.fill(sums, 0);
        FloatPointer from = HostMemory.floats(outputGradient);
        FloatPointer passed = HostMemory.floats(y);
        FloatPointer into = HostMemory.floats(slope);
        long fromStart = from.position();
        long passedStart = passed.position();
        long intoStart = into.position();
        for (int i = 0; i < y.rows(); i++) {
            long offset = (long) i * row.length;
            from.position(fromStart + offset).get(row);
            passed.position(passedStart + offset).get(other);
            maskAndSum(row, other, sums);
            into.position(intoStart + offset).put(row);
        }
        from.position(fromStart);
        passed.position(passedStart);
        into.position(intoStart);
        HostMemory.written(slope);
        HostMemory.floats(biasGradient).put(sums);
        HostMemory.written(biasGradient);
        return slope;
    }

    private static void addAndCut(float[] x, float[] bias) {
        for (int j = 0; j < x.length; j++) {
            x[j] = Math.max(0f, x[j] + bias[j]);
        }
    }

    private static void maskAndSum(float[] slope, float[] y, float[] sums) {
        for (int j = 0; j < slope.length; j++) {
            float passed = y[j] > 0 ? slope[j] : 0;
            slope[j] = passed;
            sums[j] += passed;
        }
    }
}
