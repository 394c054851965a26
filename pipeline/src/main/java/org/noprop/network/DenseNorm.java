package org.noprop.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.noprop.tensor.BatchNorm;
import org.noprop.tensor.Products;
import org.noprop.tensor.Rows;
import org.noprop.tensor.Scratch;

/**
 * A dense layer, batch norm and perhaps a ReLU: y = relu(norm([x₁ x₂ …] W + b)).
 *
 * <p>Several inputs count as one joined matrix that is never written. Batch norm takes away whatever b
 * adds, so the gradient of b is exactly zero and is never computed; b is trained (weight decay), kept and
 * counted all the same, because the paper's network has it.
 */
final class DenseNorm extends Unit {
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    private static final int SCALE = 2;
    private static final int SHIFT = 3;

    private final int[] widths;
    private final BatchNorm norm;
    private final Rows[] inputGradients;
    private INDArray[] inputs = {};

    /**
     * A dense layer with batch norm.
     *
     * @param width features of the output
     * @param relu whether a ReLU follows
     * @param propagate whether {@link #backward} gives the inputs' gradients
     * @param widths columns of each input
     */
    DenseNorm(Scratch scratch, String name, int width, boolean relu, boolean propagate, int... widths) {
        super(name, parameters(Arrays.stream(widths).sum(), width));
        this.widths = widths.clone();
        this.norm = new BatchNorm(scratch, width, relu);
        this.inputGradients = new Rows[widths.length];
        for (int i = 0; propagate && i < widths.length; i++) {
            inputGradients[i] = new Rows(scratch.type(), widths[i]);
        }
    }

    private static List<ParameterSpec> parameters(int in, int out) {
        return List.of(
                ParameterSpec.linear("dense.weight", in, in, out),
                ParameterSpec.linear("dense.bias", in, out),
                ParameterSpec.constant("norm.scale", 1, out),
                ParameterSpec.constant("norm.shift", 0, out));
    }

    @Override
    int inputs() {
        return widths.length;
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        inputs = in;
        INDArray product = norm.input(in[0].rows());
        Products.forward(in[0], part(value(WEIGHT), 0), product);
        for (int i = 1; i < in.length; i++) {
            Products.addForward(in[i], part(value(WEIGHT), i), product);
        }
        return training
                ? norm.train(product.rows(), value(SCALE), value(SHIFT), host(BIAS))
                : norm.infer(product.rows(), host(SCALE), host(SHIFT), host(BIAS));
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        INDArray product = norm.backward(outputGradient, value(SCALE), gradient(SCALE), gradient(SHIFT));
        INDArray[] propagated = new INDArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            Products.weightGradient(inputs[i], product, part(gradient(WEIGHT), i));
            if (inputGradients[i] != null) {
                propagated[i] = inputGradients[i].matrix(product.rows());
                Products.inputGradient(product, part(value(WEIGHT), i), propagated[i]);
            }
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
        long bytes = norm.bytes();
        for (Rows rows : inputGradients) {
            bytes += rows == null ? 0 : rows.bytes();
        }
        return bytes;
    }

    @Override
    public void close() {
        norm.close();
        List<Rows> open = new ArrayList<>(Arrays.asList(inputGradients));
        open.removeIf(rows -> rows == null);
        open.forEach(Rows::close);
    }

    /** The rows of [in, out] that belong to input {@code index}. */
    private INDArray part(INDArray matrix, int index) {
        if (widths.length == 1) {
            return matrix;
        }
        long start = 0;
        for (int i = 0; i < index; i++) {
            start += widths[i];
        }
        return matrix.get(NDArrayIndex.interval(start, start + widths[index]), NDArrayIndex.all());
    }
}
