package org.noprop.tensor;

import java.util.Arrays;

/**
 * Makes the columns of a tall matrix orthonormal: Y ← Y R⁻¹ where YᵀY = RᵀR (Cholesky). The products are native; YᵀY
 * and R are in double precision. A little is added to the diagonal of YᵀY, so that columns which float32 cannot
 * tell apart do not break it; doing it twice leaves rounding errors alone.
 */
final class Orthonormal implements AutoCloseable {
    private static final double JITTER = 1e-12;

    private final int columns;
    private final FloatMatrix inverse;
    private final Product apply = Product.forward();

    /** Of matrices of so many columns. */
    Orthonormal(int columns) {
        this.columns = columns;
        this.inverse = FloatMatrix.of(columns, columns);
    }

    /**
     * Orthonormalises.
     *
     * @param y rows × columns, row-major
     * @param result receives Y R⁻¹; not {@code y}
     */
    void apply(FloatMatrix y, FloatMatrix result) {
        double[][] r = rows(Gram.of(y));
        choleskyUpper(r);
        write(invertUpper(r));
        apply.multiply(y, inverse, result);
    }

    private double[][] rows(double[] gram) {
        double[][] rows = new double[columns][];
        double trace = 0;
        for (int i = 0; i < columns; i++) {
            rows[i] = Arrays.copyOfRange(gram, i * columns, (i + 1) * columns);
            trace += rows[i][i];
        }
        for (int i = 0; i < columns; i++) {
            rows[i][i] += JITTER * trace / columns;
        }
        return rows;
    }

    /** Leaves R in the upper triangle: A = RᵀR. */
    private static void choleskyUpper(double[][] a) {
        int n = a.length;
        for (int k = 0; k < n; k++) {
            double[] pivot = a[k];
            double root = Math.sqrt(Math.max(pivot[k], Double.MIN_NORMAL));
            for (int j = k; j < n; j++) {
                pivot[j] /= root;
            }
            for (int i = k + 1; i < n; i++) {
                subtract(a[i], pivot, pivot[i], i, n);
            }
        }
    }

    /** R⁻¹ of an upper triangle, row by row from the last. */
    private static double[][] invertUpper(double[][] r) {
        int n = r.length;
        double[][] inverse = new double[n][n];
        for (int i = n - 1; i >= 0; i--) {
            double[] row = inverse[i];
            for (int k = i + 1; k < n; k++) {
                subtract(row, inverse[k], r[i][k], k, n);
            }
            row[i] = 1;
            for (int j = i; j < n; j++) {
                row[j] /= r[i][i];
            }
        }
        return inverse;
    }

    private static void subtract(double[] from, double[] row, double factor, int first, int n) {
        for (int j = first; j < n; j++) {
            from[j] -= factor * row[j];
        }
    }

    private void write(double[][] rows) {
        float[] row = new float[columns];
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) rows[i][j];
            }
            inverse.write((long) i * columns, row, columns);
        }
    }

    @Override
    public void close() {
        inverse.close();
    }
}
