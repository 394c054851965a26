package org.noprop.tensor;

import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, A = V Λ Vᵀ, by LAPACK's dsyev.
 *
 * @param values Λ, ascending
 * @param vectors the eigenvector of each value, one after the other, each of length 1; neither is copied
 */
public record SymmetricEigen(double[] values, double[] vectors) {

    /**
     * Decomposes a matrix.
     *
     * @param matrix n × n; only one triangle is looked at
     * @throws IllegalStateException if LAPACK does not converge, as on values that are not finite
     */
    public static SymmetricEigen of(double[] matrix, int n) {
        try (INDArray a = Nd4j.createUninitialized(DataType.DOUBLE, new long[] {n, n}, 'f');
                INDArray lambda = Nd4j.createUninitialized(DataType.DOUBLE, n)) {
            HostValues vectors = new HostValues(a);
            System.arraycopy(matrix, 0, vectors.values(), 0, matrix.length);
            vectors.push();
            int failed = Nd4j.getBlasWrapper().lapack().syev('V', 'U', a, lambda);
            if (failed != 0) {
                throw new IllegalStateException("The eigenvalues of a " + n + " x " + n + " matrix do not converge");
            }
            return new SymmetricEigen(
                    new HostValues(lambda).pull().clone(), vectors.pull().clone());
        }
    }

    /** V f(Λ) Vᵀ, row-major. */
    public float[] function(DoubleUnaryOperator f) {
        int n = values.length;
        double[] sum = new double[n * n];
        for (int k = 0; k < n; k++) {
            double factor = f.applyAsDouble(values[k]);
            for (int i = 0; i < n; i++) {
                double left = factor * vectors[k * n + i];
                for (int j = 0; j < n; j++) {
                    sum[i * n + j] += left * vectors[k * n + j];
                }
            }
        }
        float[] result = new float[n * n];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) sum[i];
        }
        return result;
    }
}
