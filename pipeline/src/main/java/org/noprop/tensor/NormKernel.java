package org.noprop.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The arithmetic of {@link BatchNorm}: one for every type, one that is fast for float32. */
interface NormKernel extends AutoCloseable {

    /**
     * The matrices of one batch norm and a batch, [rows, width] each, and its moments, [width].
     *
     * @param input x
     * @param normalised (x - mean) / √(variance + ε)
     * @param output y
     * @param gradient dx
     * @param relu whether a ReLU follows
     * @param mean of the batch
     * @param variance of the batch, biased
     */
    record Batch(
            INDArray input,
            INDArray normalised,
            INDArray output,
            INDArray gradient,
            boolean relu,
            double[] mean,
            double[] variance) {
        int rows() {
            return input.rows();
        }
    }

    /** Fills moments, normalised and output from the input, which it may overwrite. */
    void train(Batch batch, INDArray scale, INDArray shift);

    /** output = input × factor + offset, and the ReLU. */
    void infer(Batch batch, double[] factor, double[] offset);

    /** Fills the gradients from the output's, after {@link #train}; the input may be overwritten. */
    void backward(Batch batch, INDArray outputGradient, INDArray scale, INDArray scaleGradient, INDArray shiftGradient);

    /** Bytes of scratch held. */
    long bytes();

    @Override
    void close();
}
