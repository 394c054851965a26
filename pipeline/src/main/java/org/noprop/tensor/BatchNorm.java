package org.noprop.tensor;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch norm over the rows of a matrix, and the ReLU that may follow it (Ioffe and Szegedy, arXiv
 * 1502.03167): y = scale (x - mean) / √(variance + ε) + shift, ε = 1e-5, with the batch's own biased
 * mean and variance in training and running figures in inference.
 *
 * <p>The running figures are PyTorch's: momentum 0.1, the unbiased variance.
 */
public final class BatchNorm implements AutoCloseable {
    /** ε. */
    static final double EPSILON = 1e-5;

    private static final double MOMENTUM = 0.1;

    private final Scratch scratch;
    private final boolean relu;
    private final double[] mean;
    private final double[] variance;
    private final float[] runningMean;
    private final float[] runningVariance;
    private final Rows normalised;
    private final Rows output;

    /**
     * Batch norm with a running mean of 0 and variance of 1.
     *
     * @param width features, the columns of its matrices
     * @param relu whether a ReLU follows
     */
    public BatchNorm(Scratch scratch, int width, boolean relu) {
        this.scratch = scratch;
        this.relu = relu;
        this.mean = new double[width];
        this.variance = new double[width];
        this.runningMean = new float[width];
        this.runningVariance = new float[width];
        Arrays.fill(runningVariance, 1);
        this.normalised = new Rows(scratch.type(), width);
        this.output = new Rows(scratch.type(), width);
    }

    /**
     * Where the caller writes x, [rows, width], right before {@link #train} or {@link #infer}, which
     * overwrite it.
     */
    public INDArray input(int rows) {
        return scratch.product(rows, mean.length);
    }

    /**
     * y with the batch's own statistics, which move the running ones.
     *
     * @param rows of the input, at least 2
     * @param scale [width]
     * @param shift [width]
     * @param bias what x lacks of the true input, the same in every row: it moves the running mean and
     *     nothing else, because normalising removes it; [width]
     * @return [rows, width], overwritten by the next call
     */
    public INDArray train(int rows, INDArray scale, INDArray shift, HostValues bias) {
        NormKernel.Batch batch = batch(rows);
        scratch.norm().train(batch, scale, shift);
        moveRunning(rows, bias.pull());
        return batch.output();
    }

    /**
     * y with the running statistics; parameters as for {@link #train}.
     *
     * @return [rows, width], overwritten by the next call
     */
    public INDArray infer(int rows, HostValues scale, HostValues shift, HostValues bias) {
        double[] factor = scale.pull();
        double[] offset = shift.pull();
        double[] missing = bias.pull();
        for (int j = 0; j < factor.length; j++) {
            factor[j] /= Math.sqrt(runningVariance[j] + EPSILON);
            offset[j] += (missing[j] - runningMean[j]) * factor[j];
        }
        NormKernel.Batch batch = batch(rows);
        scratch.norm().infer(batch, factor, offset);
        return batch.output();
    }

    /**
     * The gradient of x, after {@link #train}.
     *
     * @param outputGradient dy, [rows, width]; not changed
     * @param scale [width]
     * @param scaleGradient receives [width]
     * @param shiftGradient receives [width]
     * @return dx, [rows, width], to be used before any other layer's backward pass
     */
    public INDArray backward(INDArray outputGradient, INDArray scale, INDArray scaleGradient, INDArray shiftGradient) {
        NormKernel.Batch batch = batch(outputGradient.rows());
        scratch.norm().backward(batch, outputGradient, scale, scaleGradient, shiftGradient);
        return batch.gradient();
    }

    /** The running mean; the array itself. */
    public float[] runningMean() {
        return runningMean;
    }

    /** The running unbiased variance; the array itself. */
    public float[] runningVariance() {
        return runningVariance;
    }

    /** Bytes of what it keeps for the backward pass. */
    public long bytes() {
        return normalised.bytes() + output.bytes();
    }

    @Override
    public void close() {
        normalised.close();
        output.close();
    }

    private NormKernel.Batch batch(int rows) {
        return new NormKernel.Batch(
                input(rows),
                normalised.matrix(rows),
                output.matrix(rows),
                scratch.gradient(rows, mean.length),
                relu,
                mean,
                variance);
    }

    private void moveRunning(int rows, double[] bias) {
        double unbias = rows / (rows - 1.0);
        for (int j = 0; j < mean.length; j++) {
            runningMean[j] += (float) (MOMENTUM * (mean[j] + bias[j] - runningMean[j]));
            runningVariance[j] += (float) (MOMENTUM * (variance[j] * unbias - runningVariance[j]));
        }
    }
}
