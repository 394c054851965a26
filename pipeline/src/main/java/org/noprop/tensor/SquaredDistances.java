package org.noprop.tensor;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ‖a_i - b_j‖² for all rows of two matrices, as ‖a_i‖² + ‖b_j‖² - 2 a_i·b_j: the inner products are one
 * matrix product. Good to rounding beside the norms, not beside a distance that is much smaller.
 */
public final class SquaredDistances implements AutoCloseable {
    private final int width;
    private final Rows left;
    private final Rows right;
    private final Product product = Product.inputGradient();

    /** Distances of rows of {@code width} components. */
    public SquaredDistances(int width) {
        this.width = width;
        this.left = new Rows(DataType.FLOAT, width);
        this.right = new Rows(DataType.FLOAT, width);
    }

    /**
     * Computes them.
     *
     * @param a row-major
     * @param aRows at least 1
     * @param b row-major
     * @param bRows at least 1
     * @param into receives ‖a_i - b_j‖² at {@code i stride + offset + j}
     * @param stride from one a_i to the next
     * @param offset where the first goes
     */
    public void compute(float[] a, int aRows, float[] b, int bRows, float[] into, int stride, int offset) {
        double[] aNorms = load(left, a, aRows);
        double[] bNorms = load(right, b, bRows);
        try (Rows products = new Rows(DataType.FLOAT, bRows)) {
            INDArray result = products.matrix(aRows);
            product.multiply(left.matrix(), right.matrix(), result);
            double[] inner = products.host().pull();
            for (int i = 0; i < aRows; i++) {
                for (int j = 0; j < bRows; j++) {
                    double square = aNorms[i] + bNorms[j] - 2 * inner[i * bRows + j];
                    into[i * stride + offset + j] = (float) Math.max(0, square);
                }
            }
        }
    }

    private double[] load(Rows rows, float[] values, int count) {
        rows.matrix(count);
        double[] copy = rows.host().values();
        double[] norms = new double[count];
        for (int i = 0; i < count * width; i++) {
            copy[i] = values[i];
            norms[i / width] += (double) values[i] * values[i];
        }
        rows.host().push();
        return norms;
    }

    @Override
    public void close() {
        left.close();
        right.close();
    }
}
