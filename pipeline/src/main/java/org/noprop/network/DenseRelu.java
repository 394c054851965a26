package org.noprop.network;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
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

    /**
     * A dense layer.
     *
     * @param width features of the output
     * @param propagate whether {@link #backward} gives the inputs' gradients
     * @param widths columns of each input
     */
    DenseRelu(Scratch scratch, String name, int width, boolean propagate, int... widths) {
        super(name, parameters(DensePart.width(widths), width));
        this.kernel = new BiasRelu(scratch, width);
        this.parts = DensePart.of(scratch, propagate, widths);
        this.output = new Rows(scratch.type(), width);
    }

    private static List<ParameterSpec> parameters(int in, int out) {
        return List.of(ParameterSpec.linear("weight", in, in, out), ParameterSpec.linear("bias", in, out));
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

    @Override
    long activationBytes() {
        return output.bytes() + Arrays.stream(parts).mapToLong(DensePart::bytes).sum();
    }

    @Override
    public void close() {
        output.close();
        Arrays.stream(parts).forEach(DensePart::close);
    }
}
