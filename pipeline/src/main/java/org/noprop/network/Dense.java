package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.nn.Layer.Dense.Then;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Product;
import org.noprop.tensor.Scratch;

/** A dense layer alone, y = x W + b, for the few columns of class logits. */
final class Dense extends RowsUnit {
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;

    private final Product forward = Product.forward();
    private final Product weightGradient = Product.weightGradient();
    private final Product inputProduct = Product.inputGradient();
    private INDArray input;

    /** A dense layer from {@code in} to {@code out} features. */
    Dense(Scratch scratch, String name, int in, int out) {
        super(scratch, name, DensePart.layer(out, Then.NOTHING, in).parameters(), in, out);
    }

    /**
     * Replaces the drawn initial values.
     *
     * @param weights in × out values, row-major
     * @param biases out values
     */
    void startAt(double[] weights, double[] biases) {
        startAt(WEIGHT, weights);
        startAt(BIAS, biases);
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        input = in[0];
        forward.multiply(input, value(WEIGHT), output().matrix(input.rows()));
        double[] bias = host(BIAS).pull();
        double[] logits = output().host().pull();
        for (int i = 0; i < logits.length; i++) {
            logits[i] += bias[i % bias.length];
        }
        return output().host().push();
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        weightGradient.multiply(input, outputGradient, gradient(WEIGHT));
        sumRows(outputGradient);
        INDArray propagated = inputGradient().matrix(input.rows());
        inputProduct.multiply(outputGradient, value(WEIGHT), propagated);
        return new INDArray[] {propagated};
    }

    private void sumRows(INDArray outputGradient) {
        HostValues bias = new HostValues(gradient(BIAS));
        double[] sums = bias.values();
        double[] rows = new HostValues(outputGradient).pull();
        for (int i = 0; i < rows.length; i++) {
            sums[i % sums.length] += rows[i];
        }
        bias.push();
    }
}
