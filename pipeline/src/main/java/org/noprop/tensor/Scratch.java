package org.noprop.tensor;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Memory that the layers of one network use in turn, each only within one call: what need not live until
 * the backward pass is held once for the whole network. It belongs to one thread, as its network does.
 */
public final class Scratch implements AutoCloseable {
    private final DataType type;
    private final NormKernel norm;
    private final SharedMatrix product;
    private final SharedMatrix gradient;
    private final SharedMatrix poolGradient;
    private final Rows ones;

    /**
     * Nothing yet.
     *
     * @param type of the network's arrays: float32, or float64 for checks of gradients
     */
    public Scratch(DataType type) {
        this.type = type;
        this.product = new SharedMatrix(type);
        this.gradient = new SharedMatrix(type);
        this.poolGradient = new SharedMatrix(type);
        this.ones = new Rows(type, 1);
        this.norm = type == DataType.FLOAT ? new HostNorm() : new OpNorm(type);
    }

    /** The type of the network's arrays. */
    public DataType type() {
        return type;
    }

    /** Bytes held. */
    public long bytes() {
        return norm.bytes() + ones.bytes() + product.bytes() + gradient.bytes() + poolGradient.bytes();
    }

    @Override
    public void close() {
        norm.close();
        ones.close();
        product.close();
        gradient.close();
        poolGradient.close();
    }

    NormKernel norm() {
        return norm;
    }

    /** For what one call computes and reads, [rows, width]. */
    INDArray product(int rows, int width) {
        return product.matrix(rows, width);
    }

    /** For the gradient by a layer's product, which nobody needs after the layer's backward pass. */
    public INDArray gradient(int rows, int width) {
        return gradient.matrix(rows, width);
    }

    /** For the gradient by what a layer pools, likewise. */
    public INDArray poolGradient(int rows, int width) {
        return poolGradient.matrix(rows, width);
    }

    /** A vector of ones: a product with it sums columns, many times faster than ND4J's own sums. */
    INDArray ones(int rows) {
        INDArray before = ones.matrix();
        INDArray now = ones.matrix(rows);
        if (before != now) {
            now.assign(1);
        }
        return now.reshape(rows);
    }
}
