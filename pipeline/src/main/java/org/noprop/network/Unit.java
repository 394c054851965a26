package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.nn.Parameter;

/**
 * A piece of a network with its own forward and backward pass over ND4J's ops, in float32 or float64:
 * what a {@link Graph} runs.
 *
 * <p>Matrices are row-major, one row for each of the batch's examples. Outputs and gradients that a unit
 * returns lie in its own memory, which the next call overwrites; a unit never changes what it is given.
 */
abstract class Unit extends Weights implements AutoCloseable {
    Unit(String name, List<Parameter> parameters) {
        super(name, parameters);
    }

    /** How many inputs {@link #forward} takes. */
    abstract int inputs();

    /**
     * Its output, [rows, width].
     *
     * @param training whether {@link #backward} may follow and batch norm uses the batch's statistics
     * @param in the inputs, [rows, …] each
     */
    abstract INDArray forward(boolean training, INDArray... in);

    /**
     * The gradients of the inputs of the last {@link #forward}; writes those of the parameters.
     *
     * @param outputGradient [rows, width]
     * @return one for each input; null where nobody needs it
     */
    abstract INDArray[] backward(INDArray outputGradient);

    /** Native bytes of activations, their gradients and scratch. */
    abstract long activationBytes();

    @Override
    public abstract void close();
}
