package org.noprop.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A native op that is run again and again. It keeps its native context from run to run, because a fresh
 * one each time is freed only when Java collects garbage, and sets only those arrays that are not the same
 * as before.
 */
final class NativeCall {
    private final CustomOp op;
    private final long[] arguments;
    private final double[] factors;
    private final INDArray[] bound;
    private OpContext context;

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
        this.factors = factors.clone();
        this.arguments = arguments.clone();
        this.bound = new INDArray[arrays];
    }

    /** Gives input {@code index}: a contiguous row-major array, to be seen in this shape. */
    NativeCall input(int index, INDArray array, long... shape) {
        if (bound[index] != array) {
            bound[index] = array;
            context().setInputArray(index, array.reshape('c', true, shape));
        }
        return this;
    }

    /** Runs the op with this output, contiguous and row-major, to be seen in this shape. */
    void into(INDArray array, long... shape) {
        int last = bound.length - 1;
        if (bound[last] != array) {
            bound[last] = array;
            context().setOutputArray(0, array.reshape('c', true, shape));
        }
        Nd4j.getExecutioner().exec(op, context());
    }

    private OpContext context() {
        if (context == null) {
            context = Nd4j.getExecutioner().buildContext();
            context.shapeFunctionOverride(true);
            context.setIArguments(arguments);
            context.setTArguments(factors);
        }
        return context;
    }
}
