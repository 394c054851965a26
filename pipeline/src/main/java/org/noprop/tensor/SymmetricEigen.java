package org.noprop.tensor;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import java.util.function.DoubleUnaryOperator;
import org.netlib.util.intW;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, A = V Λ Vᵀ, by LAPACK's dsyevr, in Java: that of the OpenBLAS
 * which ND4J brings (0.3.19) gives vectors that are not orthogonal, from a few hundred rows on, with its kernels for
 * AVX-512.
 *
 * @param values Λ, ascending
 * @param vectors the eigenvector of each value, one after the other, each of length 1; neither is copied
 */
public record SymmetricEigen(double[] values, double[] vectors) {
    /** What dsyevr needs to work in, for each row. */
    private static final int WORK = 26;

    private static final int INDEX_WORK = 10;

    /**
     * Decomposes a matrix.
     *
     * @param matrix n × n; only one triangle is looked at
     * @throws IllegalStateException if LAPACK does not converge, as on values that are not finite
     */
    public static SymmetricEigen of(double[] matrix, int n) {
        double[] values = new double[n];
        double[] vectors = new double[n * n];
        double[] work = new double[WORK * n];
        int[] indices = new int[INDEX_WORK * n];
        intW found = new intW(0);
        intW failed = new intW(0);
        JavaLAPACK.getInstance()
                .dsyevr(
                        "V",
                        "A",
                        "U",
                        n,
                        matrix.clone(),
                        n,
                        0,
                        0,
                        0,
                        0,
                        0,
                        found,
                        values,
                        vectors,
                        n,
                        new int[2 * n],
                        work,
                        work.length,
                        indices,
                        indices.length,
                        failed);
        if (failed.val != 0 || found.val < n) {
            throw new IllegalStateException("The eigenvalues of a " + n + " x " + n + " matrix do not converge");
        }
        return new SymmetricEigen(values, vectors);
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
