package org.noprop.tensor;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastSubOp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch norm over the rows of a matrix, and the ReLU that may follow it (Ioffe and Szegedy, arXiv
 * 1502.03167): y = scale (x - mean) / √(variance + ε) + shift, ε = 1e-5, with the batch's own biased
 * mean and variance in training and running figures in inference.
 *
 * <p>The running figures are PyTorch's: momentum 0.1, the unbiased variance. ND4J's own batch norm and
 * its reductions along rows are many times slower than the primitive ops and products used here.
 */
public final class BatchNorm implements AutoCloseable {
    /** ε. */
    public static final double EPSILON = 1e-5;

    private static final double MOMENTUM = 0.1;

    private final boolean relu;
    private final float[] runningMean;
    private final float[] runningVariance;
    private final Rows input;
    private final Rows output;
    private final Rows gradient;
    private final Rows ones;
    private final INDArray row;
    private final INDArray inverseDeviation;
    private final HostValues hostRow;
    private final HostValues hostInverseDeviation;

    /**
     * Batch norm with a running mean of 0 and variance of 1.
     *
     * @param width features, the columns of its matrices
     * @param relu whether a ReLU follows
     */
    public BatchNorm(DataType type, int width, boolean relu) {
        this.relu = relu;
        this.runningMean = new float[width];
        this.runningVariance = new float[width];
        java.util.Arrays.fill(runningVariance, 1);
        this.input = new Rows(type, width);
        this.output = new Rows(type, width);
        this.gradient = new Rows(type, width);
        this.ones = new Rows(type, 1);
        this.row = Nd4j.create(type, width);
        this.inverseDeviation = Nd4j.create(type, width);
        this.hostRow = new HostValues(row);
        this.hostInverseDeviation = new HostValues(inverseDeviation);
    }

    /** Where the caller writes x, [rows, width], before {@link #train} or {@link #infer}, which overwrite it. */
    public INDArray input(int rows) {
        return input.matrix(rows);
    }

    /**
     * y with the batch's own statistics, which move the running ones.
     *
     * @param scale [width]
     * @param shift [width]
     * @param bias what x lacks of the true input, the same in every row: it moves the running mean and
     *     nothing else, because normalising removes it; [width]
     * @return [rows, width], overwritten by the next call
     */
    public INDArray train(INDArray scale, INDArray shift, HostValues bias) {
        INDArray x = input.matrix();
        int rows = x.rows();
        INDArray y = output.matrix(rows);
        mean(x);
        moveMean(hostRow.pull(), bias.pull());
        Nd4j.exec(new BroadcastSubOp(x, row, x, 1));
        Nd4j.exec(new MulOp(x, x, y));
        mean(y);
        moveVariance(hostRow.pull(), rows);
        Nd4j.exec(new BroadcastMulOp(x, inverseDeviation, x, 1));
        return affine(x, scale, shift, y);
    }

    /**
     * y with the running statistics; parameters as for {@link #train}.
     *
     * @return [rows, width], overwritten by the next call
     */
    public INDArray infer(HostValues scale, HostValues shift, HostValues bias) {
        double[] factor = hostInverseDeviation.values();
        double[] offset = hostRow.values();
        double[] gamma = scale.pull();
        double[] beta = shift.pull();
        double[] missing = bias.pull();
        for (int j = 0; j < factor.length; j++) {
            factor[j] = gamma[j] / Math.sqrt(runningVariance[j] + EPSILON);
            offset[j] = beta[j] + (missing[j] - runningMean[j]) * factor[j];
        }
        INDArray x = input.matrix();
        return affine(x, hostInverseDeviation.push(), hostRow.push(), output.matrix(x.rows()));
    }

    /**
     * The gradient of x, after {@link #train}.
     *
     * @param outputGradient dy, [rows, width]; not changed
     * @param scale [width]
     * @param scaleGradient receives [width]
     * @param shiftGradient receives [width]
     * @return dx, [rows, width], overwritten by the next call
     */
    public INDArray backward(INDArray outputGradient, INDArray scale, INDArray scaleGradient, INDArray shiftGradient) {
        INDArray normalised = input.matrix();
        INDArray scratch = output.matrix();
        int rows = normalised.rows();
        INDArray dx = gradient.matrix(rows);
        if (relu) {
            Nd4j.exec(new MulOp(outputGradient, Transforms.sign(scratch, false), dx));
        } else {
            dx.assign(outputGradient);
        }
        INDArray one = one(rows);
        Nd4j.exec(new MulOp(dx, normalised, scratch));
        Products.columnSums(scratch, one, 1, scaleGradient);
        Products.columnSums(dx, one, 1, shiftGradient);
        Nd4j.exec(new BroadcastSubOp(dx, shiftGradient.mul(1.0 / rows, row), dx, 1));
        Nd4j.exec(new BroadcastMulOp(normalised, scaleGradient.mul(1.0 / rows, row), normalised, 1));
        dx.subi(normalised);
        Nd4j.exec(new BroadcastMulOp(dx, scale.mul(inverseDeviation, row), dx, 1));
        return dx;
    }

    /** The running mean; the array itself. */
    public float[] runningMean() {
        return runningMean;
    }

    /** The running unbiased variance; the array itself. */
    public float[] runningVariance() {
        return runningVariance;
    }

    /** Native bytes held. */
    public long bytes() {
        return input.bytes() + output.bytes() + gradient.bytes() + ones.bytes();
    }

    @Override
    public void close() {
        input.close();
        output.close();
        gradient.close();
        ones.close();
        row.close();
        inverseDeviation.close();
    }

    private void mean(INDArray x) {
        Products.columnSums(x, one(x.rows()), 1.0 / x.rows(), row);
    }

    private INDArray one(int rows) {
        INDArray before = ones.matrix();
        INDArray now = ones.matrix(rows);
        if (before != now) {
            now.assign(1);
        }
        return now.reshape(rows);
    }

    private void moveMean(double[] mean, double[] bias) {
        for (int j = 0; j < mean.length; j++) {
            runningMean[j] += (float) (MOMENTUM * (mean[j] + bias[j] - runningMean[j]));
        }
    }

    private void moveVariance(double[] variance, int rows) {
        double[] inverse = hostInverseDeviation.values();
        double unbias = rows / (rows - 1.0);
        for (int j = 0; j < variance.length; j++) {
            runningVariance[j] += (float) (MOMENTUM * (variance[j] * unbias - runningVariance[j]));
            inverse[j] = 1 / Math.sqrt(variance[j] + EPSILON);
        }
        hostInverseDeviation.push();
    }

    private INDArray affine(INDArray x, INDArray factor, INDArray offset, INDArray y) {
        Nd4j.exec(new BroadcastMulOp(x, factor, y, 1));
        Nd4j.exec(new BroadcastAddOp(y, offset, y, 1));
        return relu ? Transforms.relu(y, false) : y;
    }
}
