package org.noprop.network;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.nn.Layer.Dense.Then;
import org.noprop.tensor.BiasRelu;
import org.noprop.tensor.Rows;
import org.noprop.tensor.Scratch;

/** A dense layer and a ReLU: y = relu([x₁ x₂ …] W + b). */
final class DenseRelu extends Unit {
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;

    private final BiasRelu kernel;
    private final DensePart[] parts;
    private final Rows output;
    private final Rows shift;

    /**
     * A dense layer.
     *
     * @param width features of the output
     * @param propagate whether {@link #backward} gives the inputs' gradients
     * @param widths columns of each input
     */
    DenseRelu(Scratch scratch, String name, int width, boolean propagate, int... widths) {
        super(name, DensePart.layer(width, Then.RELU, widths).parameters());
        this.kernel = new BiasRelu(scratch, width);
        this.parts = DensePart.of(scratch, propagate, widths);
        this.output = new Rows(scratch.type(), width);
        this.shift = new Rows(scratch.type(), width);
    }

    @Override
    int inputs() {
        return parts.length;
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        INDArray y = output.matrix(in[0].rows());
        for (int i = 0; i < parts.length; i++) {
            parts[i].forward(in[i], value(WEIGHT), y);
        }
        kernel.forward(y, value(BIAS));
        return y;
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        INDArray slope = kernel.backward(outputGradient, output.matrix(), gradient(BIAS));
        INDArray[] propagated = new INDArray[parts.length];
        for (int i = 0; i < parts.length; i++) {
            propagated[i] = parts[i].backward(slope, gradient(WEIGHT));
        }
        return propagated;
    }

    /** x₁ W₁, without bias and ReLU: what the first input adds, which inference computes once for an image. */
    INDArray first(INDArray x) {
        INDArray y = output.matrix(x.rows());
        parts[0].forward(x, value(WEIGHT), y);
        return y;
    }

    /** b + x W for the last input, one row that is the same for all rows of the others; [1, width]. */
    INDArray lastWithBias(INDArray x) {
        INDArray y = shift.matrix(1);
        y.assign(value(BIAS));
        parts[parts.length - 1].forward(x, value(WEIGHT), y);
        return y;
    }

    /**
     * The output of a layer of three inputs, from its pieces.
     *
     * @param begun what {@link #first} gave; replaced by the output
     * @param x the second input
     * @param rest what {@link #lastWithBias} gave
     */
    INDArray complete(INDArray begun, INDArray x, INDArray rest) {
        parts[1].forward(x, value(WEIGHT), begun);
        kernel.forward(begun, rest);
        return begun;
    }

    @Override
    long activationBytes() {
        return output.bytes()
                + shift.bytes()
                + Arrays.stream(parts).mapToLong(DensePart::bytes).sum();
    }

    @Override
    public void close() {
        output.close();
        shift.close();
        Arrays.stream(parts).forEach(DensePart::close);
    }
}
