package org.noprop.tensor;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * YᵀY of a tall float32 matrix in double precision, a few rows at a time: variances that lie far apart, as those of
 * principal components do, are lost in float32, where rounding errors are as large as a ten-millionth of the largest.
 */
final class Gram {
    /** Rows that are held in double precision at a time. */
    static final int BLOCK = 1024;

    private Gram() {}

    /** Columns × columns values, row-major. */
    static double[] of(FloatMatrix y) {
        Product product = Product.addWeightGradient();
        try (INDArray sum = Nd4j.create(DataType.DOUBLE, y.columns(), y.columns())) {
            for (int first = 0; first < y.rows(); first += BLOCK) {
                int count = Math.min(BLOCK, y.rows() - first);
                try (INDArray block = y.rows(first, count).array().castTo(DataType.DOUBLE)) {
                    product.multiply(block, block, sum);
                }
            }
            return sum.data().asDouble();
        }
    }
}
