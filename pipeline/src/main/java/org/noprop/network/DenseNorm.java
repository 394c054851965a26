package org.noprop.network;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.nn.Layer.Dense.Then;
import org.noprop.tensor.BatchNorm;
import org.noprop.tensor.Scratch;

/**
 * A dense layer, batch norm and perhaps a ReLU: y = relu(norm([x₁ x₂ …] W + b)).
 *
 * <p>Batch norm takes away whatever b adds, so the gradient of b is exactly zero and is never computed; b is
 * trained (weight decay), kept and counted all the same, because the paper's network has it.
 */
final class DenseNorm extends Unit {
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    private static final int SCALE = 2;
    private static final int SHIFT = 3;

    private final BatchNorm norm;
    private final DensePart[] parts;

    /**
     * A dense layer with batch norm.
     *
     * @param width features of the output
     * @param relu whether a ReLU follows
     * @param propagate whether {@link #backward} gives the inputs' gradients
     * @param widths columns of each input
     */
    DenseNorm(Scratch scratch, String name, int width, boolean relu, boolean propagate, int... widths) {
        super(
                name,
                DensePart.layer(width, relu ? Then.NORM_RELU : Then.NORM, widths)
                        .parameters());
        this.norm = new BatchNorm(scratch, width, relu);
        this.parts = DensePart.of(scratch, propagate, widths);
    }

    @Override
    int inputs() {
        return parts.length;
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        INDArray product = norm.input(in[0].rows());
        for (int i = 0; i < parts.length; i++) {
            parts[i].forward(in[i], value(WEIGHT), product);
        }
        return training
                ? norm.train(product.rows(), value(SCALE), value(SHIFT), host(BIAS))
                : norm.infer(product.rows(), host(SCALE), host(SHIFT), host(BIAS));
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        INDArray slope = norm.backward(outputGradient, value(SCALE), gradient(SCALE), gradient(SHIFT));
        INDArray[] propagated = new INDArray[parts.length];
        for (int i = 0; i < parts.length; i++) {
            propagated[i] = parts[i].backward(slope, gradient(WEIGHT));
        }
        return propagated;
    }

    @Override
    SortedMap<String, float[]> statistics() {
        SortedMap<String, float[]> statistics = new TreeMap<>();
        statistics.put("norm.running-mean", norm.runningMean());
        statistics.put("norm.running-variance", norm.runningVariance());
        return statistics;
    }

    @Override
    long activationBytes() {
        return norm.bytes() + Arrays.stream(parts).mapToLong(DensePart::bytes).sum();
    }

    @Override
    public void close() {
        norm.close();
        Arrays.stream(parts).forEach(DensePart::close);
    }
}
