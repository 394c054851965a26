package org.noprop.tensor;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Memory that the layers of one network use in turn, each only within one call: what need not live until
 * the backward pass is held once for the whole network. It belongs to one thread, as its network does.
 */
public final class Scratch implements AutoCloseable {
    private final DataType type;
    private final NormKernel norm;
    private final Map<Integer, Rows> products = new HashMap<>();
    private final Map<Integer, Rows> gradients = new HashMap<>();

    /**
     * Nothing yet.
     *
     * @param type of the network's arrays: float32, or float64 for checks of gradients
     */
    public Scratch(DataType type) {
        this.type = type;
        boolean cpu = NativeBackend.load().backend().equals("CPU");
        this.norm = cpu && type == DataType.FLOAT ? new HostNorm() : new OpNorm(type);
    }

    /** The type of the network's arrays. */
    public DataType type() {
        return type;
    }

    /** Bytes held. */
    public long bytes() {
        long bytes = norm.bytes();
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
        products.values().forEach(Rows::close);
        gradients.values().forEach(Rows::close);
    }

    NormKernel norm() {
        return norm;
    }

    /** For the product that a batch norm reads. */
    Rows product(int width) {
        return products.computeIfAbsent(width, columns -> new Rows(type, columns));
    }

    /** For the gradient that a batch norm gives. */
    Rows gradient(int width) {
        return gradients.computeIfAbsent(width, columns -> new Rows(type, columns));
    }
}
