package org.noprop.network;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.nn.Layer;
import org.noprop.nn.Layer.Dense.Then;
import org.noprop.tensor.Product;
import org.noprop.tensor.Rows;
import org.noprop.tensor.Scratch;

/**
 * One input of a dense layer, and the rows of W that belong to it: several inputs count as one joined
 * matrix that is never written.
 */
final class DensePart implements AutoCloseable {
    private final int start;
    private final int width;
    private final Rows inputGradient;
    private final Product product;
    private final Product weightGradient = Product.weightGradient();
    private final Product inputProduct = Product.inputGradient();
    private INDArray input;
    private INDArray weight;
    private INDArray gradient;

    /**
     * A part.
     *
     * @param start its first row of W; the first part's product starts y, the others' add to it
     * @param width columns of the input
     * @param inputGradient where its gradient goes; null where nobody needs it
     */
    private DensePart(int start, int width, Rows inputGradient) {
        this.start = start;
        this.width = width;
        this.inputGradient = inputGradient;
        this.product = start == 0 ? Product.forward() : Product.addForward();
    }

    /**
     * The parts of a layer.
     *
     * @param propagate whether {@link #backward} gives the inputs' gradients
     * @param widths columns of each input
     */
    static DensePart[] of(Scratch scratch, boolean propagate, int... widths) {
        DensePart[] parts = new DensePart[widths.length];
        int start = 0;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new DensePart(start, widths[i], propagate ? new Rows(scratch.type(), widths[i]) : null);
            start += widths[i];
        }
        return parts;
    }

    /** The description of a layer over inputs of these widths. */
    static Layer.Dense layer(int width, Then then, int... widths) {
        return new Layer.Dense(Arrays.stream(widths).boxed().toList(), width, then);
    }

    /** Writes the product, or adds it to {@code result}. */
    void forward(INDArray in, INDArray weights, INDArray result) {
        if (weight == null) {
            weight = Rows.of(weights, start, width);
        }
        input = in;
        product.multiply(in, weight, result);
    }

    /** The input's gradient, or null; writes that of its rows of W. */
    INDArray backward(INDArray slope, INDArray gradients) {
        if (gradient == null) {
            gradient = Rows.of(gradients, start, width);
        }
        weightGradient.multiply(input, slope, gradient);
        if (inputGradient == null) {
            return null;
        }
        INDArray propagated = inputGradient.matrix(slope.rows());
        inputProduct.multiply(slope, weight, propagated);
        return propagated;
    }

    long bytes() {
        return inputGradient == null ? 0 : inputGradient.bytes();
    }

    @Override
    public void close() {
        if (inputGradient != null) {
            inputGradient.close();
        }
    }
}
