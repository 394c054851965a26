package org.noprop.tensor;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch norm in Java for float32: one pass over a matrix costs a few microseconds where every
 * native op costs fifteen and more.
 *
 * <p>Matrices are copied to the heap, and each row to the start of an array of its own: the JIT compiler
 * makes vector instructions of loops whose arrays all share one index, and of no others.
 */
final class HostNorm implements NormKernel {
    private float[] first = {};
    private float[] second = {};
    private Row row = new Row(0);

    /** Rows and row-wise figures of one width. */
    private static final class Row {
        final float[] x;
        final float[] y;
        final float[] mean;
        final float[] factor;
        final float[] scale;
        final float[] shift;

        Row(int width) {
            x = new float[width];
            y = new float[width];
            mean = new float[width];
            factor = new float[width];
            scale = new float[width];
            shift = new float[width];
        }
    }

    @Override
    public void train(Batch batch, INDArray scale, INDArray shift) {
        int width = reserve(batch);
        read(batch.input(), first);
        read(scale, row.scale);
        read(shift, row.shift);
        measureMean(batch, width);
        measureVariance(batch, width);
        for (int start = 0; start < batch.rows() * width; start += width) {
            System.arraycopy(first, start, row.x, 0, width);
            normalise(row.x, row.mean, row.factor);
            System.arraycopy(row.x, 0, first, start, width);
            affine(row.x, row.scale, row.shift);
            if (batch.relu()) {
                relu(row.x);
            }
            System.arraycopy(row.x, 0, second, start, width);
        }
        write(first, batch.normalised());
        write(second, batch.output());
    }

    @Override
    public void infer(Batch batch, double[] factor, double[] offset) {
        int width = reserve(batch);
        read(batch.input(), first);
        for (int j = 0; j < width; j++) {
            row.scale[j] = (float) factor[j];
            row.shift[j] = (float) offset[j];
        }
        for (int start = 0; start < batch.rows() * width; start += width) {
            System.arraycopy(first, start, row.x, 0, width);
            affine(row.x, row.scale, row.shift);
            if (batch.relu()) {
                relu(row.x);
            }
            System.arraycopy(row.x, 0, first, start, width);
        }
        write(first, batch.output());
    }

    @Override
    public void backward(
            Batch batch, INDArray outputGradient, INDArray scale, INDArray scaleGradient, INDArray shiftGradient) {
        int width = reserve(batch);
        int end = batch.rows() * width;
        readMasked(batch, outputGradient, width);
        read(batch.normalised(), second);
        Arrays.fill(row.scale, 0);
        Arrays.fill(row.shift, 0);
        for (int start = 0; start < end; start += width) {
            System.arraycopy(first, start, row.y, 0, width);
            System.arraycopy(second, start, row.x, 0, width);
            addProduct(row.scale, row.y, row.x);
            add(row.shift, row.y);
        }
        write(row.scale, scaleGradient);
        write(row.shift, shiftGradient);
        read(scale, row.mean);
        multiply(row.factor, inverseDeviations(batch, row.factor), row.mean);
        scale(row.scale, 1f / batch.rows());
        scale(row.shift, 1f / batch.rows());
        for (int start = 0; start < end; start += width) {
            System.arraycopy(first, start, row.y, 0, width);
            System.arraycopy(second, start, row.x, 0, width);
            slope(row.y, row.x, row.scale, row.shift, row.factor);
            System.arraycopy(row.y, 0, first, start, width);
        }
        write(first, batch.gradient());
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * (first.length + second.length + 6 * row.x.length);
    }

    @Override
    public void close() {
        first = new float[0];
        second = new float[0];
    }

    private int reserve(Batch batch) {
        int width = batch.mean().length;
        int length = batch.rows() * width;
        if (first.length < length) {
            first = new float[length];
            second = new float[length];
        }
        if (row.x.length != width) {
            row = new Row(width);
        }
        return width;
    }

    private void measureMean(Batch batch, int width) {
        Arrays.fill(row.mean, 0);
        for (int start = 0; start < batch.rows() * width; start += width) {
            System.arraycopy(first, start, row.x, 0, width);
            add(row.mean, row.x);
        }
        scale(row.mean, 1f / batch.rows());
        for (int j = 0; j < width; j++) {
            batch.mean()[j] = row.mean[j];
        }
    }

    private void measureVariance(Batch batch, int width) {
        Arrays.fill(row.y, 0);
        for (int start = 0; start < batch.rows() * width; start += width) {
            System.arraycopy(first, start, row.x, 0, width);
            addSquare(row.y, row.x, row.mean);
        }
        scale(row.y, 1f / batch.rows());
        for (int j = 0; j < width; j++) {
            batch.variance()[j] = row.y[j];
        }
        inverseDeviations(batch, row.factor);
    }

    /** The output's gradient, 0 where the ReLU cut the output off, into {@link #first}. */
    private void readMasked(Batch batch, INDArray outputGradient, int width) {
        read(outputGradient, first);
        if (!batch.relu()) {
            return;
        }
        read(batch.output(), second);
        for (int start = 0; start < batch.rows() * width; start += width) {
            System.arraycopy(first, start, row.x, 0, width);
            System.arraycopy(second, start, row.y, 0, width);
            mask(row.x, row.y);
            System.arraycopy(row.x, 0, first, start, width);
        }
    }

    private static float[] inverseDeviations(Batch batch, float[] inverse) {
        for (int j = 0; j < inverse.length; j++) {
            inverse[j] = (float) (1 / Math.sqrt(batch.variance()[j] + BatchNorm.EPSILON));
        }
        return inverse;
    }

    private static void read(INDArray array, float[] values) {
        HostMemory.floats(array).get(values, 0, (int) array.length());
    }

    private static void write(float[] values, INDArray array) {
        HostMemory.floats(array).put(values, 0, (int) array.length());
        HostMemory.written(array);
    }

    private static void add(float[] sum, float[] x) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += x[j];
        }
    }

    private static void addSquare(float[] sum, float[] x, float[] mean) {
        for (int j = 0; j < sum.length; j++) {
            float difference = x[j] - mean[j];
            sum[j] += difference * difference;
        }
    }

    private static void addProduct(float[] sum, float[] x, float[] y) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += x[j] * y[j];
        }
    }

    private static void multiply(float[] product, float[] x, float[] y) {
        for (int j = 0; j < product.length; j++) {
            product[j] = x[j] * y[j];
        }
    }

    private static void scale(float[] x, float factor) {
        for (int j = 0; j < x.length; j++) {
            x[j] *= factor;
        }
    }

    private static void normalise(float[] x, float[] mean, float[] factor) {
        for (int j = 0; j < x.length; j++) {
            x[j] = (x[j] - mean[j]) * factor[j];
        }
    }

    private static void affine(float[] x, float[] factor, float[] offset) {
        for (int j = 0; j < x.length; j++) {
            x[j] = x[j] * factor[j] + offset[j];
        }
    }

    private static void relu(float[] x) {
        for (int j = 0; j < x.length; j++) {
            x[j] = Math.max(0f, x[j]);
        }
    }

    /**
     * x where the output is positive, 0 where it is 0. A branch would be mispredicted at every other value and
     * keep the compiler from vectorising; every positive float times the largest one twice is at least 1.
     */
    private static void mask(float[] x, float[] output) {
        for (int j = 0; j < x.length; j++) {
            x[j] *= Math.min(output[j] * Float.MAX_VALUE * Float.MAX_VALUE, 1f);
        }
    }

    private static void slope(float[] dy, float[] normalised, float[] along, float[] mean, float[] factor) {
        for (int j = 0; j < dy.length; j++) {
            dy[j] = (dy[j] - mean[j] - normalised[j] * along[j]) * factor[j];
        }
    }
}
