package org.noprop.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A native op that is run again and again. It keeps its native context from run to run, because a fresh
 * one each time is freed only when Java collects garbage, and hands over arrays only when one is not the
 * same as before.
 */
final class NativeCall {
    private final CustomOp op;
    private final long[] arguments;
    private final double[] factors;
    private final INDArray[] arrays;
    private final long[][] shapes;
    private OpContext context;
    private boolean bound;

    /**
     * A call.
     *
     * @param name of the op in ND4J
     * @param arrays how many inputs and outputs it has together
     * @param arguments its whole-number arguments
     */
    NativeCall(String name, int arrays, long... arguments) {
        this(name, arrays, new double[0], arguments);
    }

    /** A call that takes real arguments as well. */
    NativeCall(String name, int arrays, double[] factors, long... arguments) {
        this.op = DynamicCustomOp.builder(name).build();
        this.arguments = arguments.clone();
        this.factors = factors.clone();
        this.arrays = new INDArray[arrays];
        this.shapes = new long[arrays][];
    }

    /** Gives input {@code index}: a contiguous row-major array, to be seen in this shape. */
    NativeCall input(int index, INDArray array, long... shape) {
        if (arrays[index] != array) {
            arrays[index] = array;
            shapes[index] = shape;
            bound = false;
        }
        return this;
    }

    /** Runs the op with this output, contiguous and row-major, to be seen in this shape. */
    void into(INDArray array, long... shape) {
        input(arrays.length - 1, array, shape);
        if (!bound) {
            bind();
        }
        Nd4j.getExecutioner().exec(op, context);
    }

    private void bind() {
        if (context == null) {
            context = Nd4j.getExecutioner().buildContext();
            context.shapeFunctionOverride(true);
            context.setIArguments(arguments);
            context.setTArguments(factors);
        } else {
            context.purge(); // or it keeps the native side of every array it ever had
        }
        int inputs = arrays.length - 1;
        for (int i = 0; i < inputs; i++) {
            context.setInputArray(i, arrays[i].reshape('c', true, shapes[i]));
        }
        context.setOutputArray(0, arrays[inputs].reshape('c', true, shapes[inputs]));
        bound = true;
    }
}
