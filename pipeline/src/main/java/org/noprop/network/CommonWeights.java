package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Weights that belong to no graph (W_Embed, θ_out, a noise schedule), in a flat vector of their own. */
final class CommonWeights implements AutoCloseable {
    private final List<Weights> parts;
    private final INDArray values;
    private final INDArray gradients;

    /** Weights of 0, and gradients of 0, in this order; at least one. */
    CommonWeights(DataType type, List<? extends Weights> parts) {
        long count = parts.stream().mapToLong(Weights::parameterCount).sum();
        this.parts = List.copyOf(parts);
        this.values = Nd4j.zeros(type, count);
        this.gradients = Nd4j.zeros(type, count);
        long start = 0;
        for (Weights part : parts) {
            long end = start + part.parameterCount();
            if (end > start) {
                part.useValues(values.get(NDArrayIndex.interval(start, end)));
                part.useGradients(gradients.get(NDArrayIndex.interval(start, end)));
            }
            start = end;
        }
    }

    List<Weights> parts() {
        return parts;
    }

    /** All values, [count]. */
    INDArray values() {
        return values;
    }

    /** All gradients, [count]. */
    INDArray gradients() {
        return gradients;
    }

    @Override
    public void close() {
        values.close();
        gradients.close();
    }
}
