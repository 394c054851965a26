package org.noprop.tensor;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * R⁻¹ of the Cholesky decomposition A = RᵀR, R upper triangular. A is cut into quarters: with those of its root,
 * R₁₂ = R₁₁⁻ᵀ A₁₂, R₂₂ is the root of A₂₂ - R₁₂ᵀ R₁₂, and R⁻¹ has -R₁₁⁻¹ R₁₂ R₂₂⁻¹ in its upper right. So nearly all
 * of the work is in native matrix products.
 */
final class CholeskyRoot {
    private static final int SMALL = 64;

    private CholeskyRoot() {}

    /**
     * The inverse of the root.
     *
     * @param matrix n × n, double precision, symmetric, positive definite but for rounding errors
     * @return n × n, with zeros below the diagonal
     */
    static INDArray inverse(INDArray matrix) {
        int n = matrix.rows();
        INDArray result = Nd4j.create(DataType.DOUBLE, n, n);
        if (n <= SMALL) {
            result.assign(Nd4j.createFromArray(small(matrix.toDoubleMatrix())));
            return result;
        }
        int half = n / 2;
        try (INDArray first = inverse(part(matrix, 0, half, 0, half));
                INDArray across = transposedProduct(first, part(matrix, 0, half, half, n));
                INDArray squares = transposedProduct(across, across);
                INDArray rest = part(matrix, half, n, half, n).sub(squares);
                INDArray second = inverse(rest);
                INDArray left = product(first, across);
                INDArray corner = product(left, second)) {
            part(result, 0, half, 0, half).assign(first);
            part(result, half, n, half, n).assign(second);
            part(result, 0, half, half, n).assign(corner.negi());
        }
        return result;
    }

    /** A B; {@code mmul} would leave copies of them to Java's garbage collector. */
    private static INDArray product(INDArray left, INDArray right) {
        INDArray result = Nd4j.create(DataType.DOUBLE, left.rows(), right.columns());
        Product.forward().multiply(left, right, result);
        return result;
    }

    /** Aᵀ B. */
    private static INDArray transposedProduct(INDArray left, INDArray right) {
        INDArray result = Nd4j.create(DataType.DOUBLE, left.columns(), right.columns());
        Product.weightGradient().multiply(left, right, result);
        return result;
    }

    /** A part in the matrix's own memory; ND4J's own {@code get} gives an empty array for some places. */
    private static INDArray part(INDArray matrix, int top, int bottom, int left, int right) {
        long down = matrix.stride(0);
        long across = matrix.stride(1);
        return Nd4j.create(
                matrix.data(),
                new long[] {bottom - top, right - left},
                new long[] {down, across},
                matrix.offset() + top * down + left * across,
                'c');
    }

    private static double[][] small(double[][] a) {
        int n = a.length;
        for (int k = 0; k < n; k++) {
            double root = Math.sqrt(Math.max(a[k][k], Double.MIN_NORMAL));
            for (int j = k; j < n; j++) {
                a[k][j] /= root;
            }
            for (int i = k + 1; i < n; i++) {
                subtract(a[i], a[k], a[k][i], i);
            }
        }
        double[][] inverse = new double[n][n];
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                subtract(inverse[i], inverse[k], a[i][k], k);
            }
            inverse[i][i] = 1;
            for (int j = i; j < n; j++) {
                inverse[i][j] /= a[i][i];
            }
        }
        return inverse;
    }

    private static void subtract(double[] from, double[] row, double factor, int first) {
        for (int j = first; j < row.length; j++) {
            from[j] -= factor * row[j];
        }
    }
}
