package org.noprop.tensor;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Memory that the layers of one network use in turn, each only within one call: what need not live until
 * the backward pass is held once for the whole network. It belongs to one thread, as its network does.
 */
public final class Scratch implements AutoCloseable {
    private final DataType type;
    private final NormKernel norm;
    private final Map<Integer, Rows> products = new HashMap<>();
    private final Map<Integer, Rows> gradients = new HashMap<>();
    private final Rows ones;

    /**
     * Nothing yet.
     *
     * @param type of the network's arrays: float32, or float64 for checks of gradients
     */
    public Scratch(DataType type) {
        this.type = type;
        this.ones = new Rows(type, 1);
        this.norm = type == DataType.FLOAT ? new HostNorm() : new OpNorm(type);
    }

    /** The type of the network's arrays. */
    public DataType type() {
        return type;
    }

    /** Bytes held. */
    public long bytes() {
        long bytes = norm.bytes() + ones.bytes();
        for (Rows rows : products.values()) {
            bytes += rows.bytes();
        }
        for (Rows rows : gradients.values()) {
            bytes += rows.bytes();
        }
        return bytes;
    }

    @Override
    public void close() {
        norm.close();
        ones.close();
        products.values().forEach(Rows::close);
        gradients.values().forEach(Rows::close);
    }

    NormKernel norm() {
        return norm;
    }

    /** For what one call computes and reads. */
    public Rows product(int width) {
        return products.computeIfAbsent(width, columns -> new Rows(type, columns));
    }

    /** For the gradient by a layer's product, which nobody needs after the layer's backward pass. */
    public Rows gradient(int width) {
        return gradients.computeIfAbsent(width, columns -> new Rows(type, columns));
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
