package org.noprop.tensor;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastSubOp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch norm by ND4J's primitive ops, for every type: what gradients are checked with in float64.
 *
 * <p>ND4J's own batch norm and its reductions along rows are many times slower than these: column sums
 * are products with a column of ones.
 */
final class OpNorm implements NormKernel {
    private final DataType type;
    private final Rows ones;
    private final Map<Integer, HostValues> vectors = new HashMap<>();

    OpNorm(DataType type) {
        this.type = type;
        this.ones = new Rows(type, 1);
    }

    @Override
    public void train(Batch batch, INDArray scale, INDArray shift) {
        HostValues row = vector(batch.mean().length);
        INDArray normalised = batch.normalised();
        mean(batch.input(), row, batch.mean());
        Nd4j.exec(new BroadcastSubOp(batch.input(), row.array(), normalised, 1));
        Nd4j.exec(new MulOp(normalised, normalised, batch.input()));
        mean(batch.input(), row, batch.variance());
        Nd4j.exec(new BroadcastMulOp(normalised, inverseDeviation(batch, row), normalised, 1));
        affine(batch, normalised, scale, shift);
    }

    @Override
    public void infer(Batch batch, double[] factor, double[] offset) {
        HostValues row = vector(factor.length);
        INDArray product = fill(row, factor).dup();
        affine(batch, batch.input(), product, fill(row, offset));
        product.close();
    }

    @Override
    public void backward(
            Batch batch, INDArray outputGradient, INDArray scale, INDArray scaleGradient, INDArray shiftGradient) {
        INDArray scratch = batch.input();
        INDArray dx = batch.gradient();
        HostValues row = vector(batch.mean().length);
        if (batch.relu()) {
            Nd4j.exec(new MulOp(outputGradient, Transforms.sign(scratch.assign(batch.output()), false), dx));
        } else {
            dx.assign(outputGradient);
        }
        double share = 1.0 / batch.rows();
        Nd4j.exec(new MulOp(dx, batch.normalised(), scratch));
        Product.columnSums(scratch, one(batch.rows()), 1, scaleGradient);
        Product.columnSums(dx, one(batch.rows()), 1, shiftGradient);
        Nd4j.exec(new BroadcastSubOp(dx, shiftGradient.mul(share, row.array()), dx, 1));
        Nd4j.exec(new BroadcastMulOp(batch.normalised(), scaleGradient.mul(share, row.array()), scratch, 1));
        dx.subi(scratch);
        Nd4j.exec(new BroadcastMulOp(dx, inverseDeviation(batch, row).muli(scale), dx, 1));
    }

    @Override
    public long bytes() {
        return ones.bytes();
    }

    @Override
    public void close() {
        ones.close();
        vectors.values().forEach(vector -> vector.array().close());
        vectors.clear();
    }

    private void mean(INDArray x, HostValues row, double[] mean) {
        Product.columnSums(x, one(x.rows()), 1.0 / x.rows(), row.array());
        System.arraycopy(row.pull(), 0, mean, 0, mean.length);
    }

    private static INDArray inverseDeviation(Batch batch, HostValues row) {
        double[] inverse = row.values();
        for (int j = 0; j < inverse.length; j++) {
            inverse[j] = 1 / Math.sqrt(batch.variance()[j] + BatchNorm.EPSILON);
        }
        return row.push();
    }

    private static void affine(Batch batch, INDArray x, INDArray factor, INDArray offset) {
        INDArray y = batch.output();
        Nd4j.exec(new BroadcastMulOp(x, factor, y, 1));
        Nd4j.exec(new BroadcastAddOp(y, offset, y, 1));
        if (batch.relu()) {
            Transforms.relu(y, false);
        }
    }

    private static INDArray fill(HostValues row, double[] values) {
        System.arraycopy(values, 0, row.values(), 0, values.length);
        return row.push();
    }

    private HostValues vector(int width) {
        return vectors.computeIfAbsent(width, columns -> new HostValues(Nd4j.create(type, columns)));
    }

    private INDArray one(int rows) {
        INDArray before = ones.matrix();
        INDArray now = ones.matrix(rows);
        if (before != now) {
            now.assign(1);
        }
        return now.reshape(rows);
    }
}
