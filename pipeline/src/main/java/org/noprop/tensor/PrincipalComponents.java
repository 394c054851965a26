package org.noprop.tensor;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The leading principal components of many wide rows by subspace iteration: products of the rows X with a few
 * columns, Z ← orth(X Xᵀ Z), from random columns on; then Q = orth(Xᵀ Z), and the eigenvectors of (X Q)ᵀ(X Q)/n, which
 * is small. The covariance, width × width, is never made. X Xᵀ is made once where rows are fewer than half as many as
 * they are wide; otherwise X and Xᵀ are multiplied with one after the other.
 *
 * @param variances λ of each component, falling
 * @param directions width × components, row-major, orthonormal columns; neither is copied
 */
public record PrincipalComponents(double[] variances, float[] directions) {
    /** Columns beyond those asked for, as a share of them: the last directions converge the sooner. */
    private static final double OVERSAMPLING = 0.1;

    private static final int LEAST_OVERSAMPLING = 10;

    /**
     * Finds them.
     *
     * @param x rows × width, row-major, float32, centred
     * @param count how many, at most rows and width
     * @param iterations at least 0; a few are enough for directions that carry much of the variance
     * @param seed of the random columns
     */
    public static PrincipalComponents of(FloatMatrix x, int count, int iterations, long seed) {
        try (Subspace subspace = new Subspace(x, columns(x.rows(), x.columns(), count), seed)) {
            for (int i = 0; i < iterations; i++) {
                subspace.iterate();
            }
            return subspace.components(count);
        }
    }

    private static int columns(int rows, int width, int count) {
        int wanted = count + Math.max(LEAST_OVERSAMPLING, (int) (count * OVERSAMPLING));
        return Math.min(Math.min(rows, width), wanted);
    }

    private static boolean isWide(int rows, int width) {
        return 2L * rows < width;
    }

    /** The native memory that {@link #of} takes, the rows included, in bytes. */
    public static long bytes(int rows, int width, int count) {
        long columns = columns(rows, width, count);
        long inDouble = Math.min(Math.max(rows, width), Gram.BLOCK) * columns;
        long inner = isWide(rows, width) ? (long) rows * rows : 0;
        long values = (long) rows * width
                + inner
                + 2 * columns * ((long) rows + width)
                + 2 * inDouble
                + 10 * columns * columns;
        return values * Float.BYTES;
    }

    private static final class Subspace implements AutoCloseable {
        private final FloatMatrix x;
        private final Optional<FloatMatrix> inner;
        private final FloatMatrix q;
        private final FloatMatrix qBefore;
        private final FloatMatrix z;
        private final FloatMatrix zBefore;
        private final Orthonormal orthonormal;
        private final Product forward = Product.forward();
        private final Product backward = Product.weightGradient();

        Subspace(FloatMatrix x, int columns, long seed) {
            this.x = x;
            inner = isWide(x.rows(), x.columns()) ? Optional.of(innerProducts(x)) : Optional.empty();
            q = FloatMatrix.of(x.columns(), columns);
            qBefore = FloatMatrix.of(x.columns(), columns);
            z = FloatMatrix.of(x.rows(), columns);
            zBefore = FloatMatrix.of(x.rows(), columns);
            orthonormal = new Orthonormal(columns);
            SplittableRandom random = new SplittableRandom(seed);
            float[] row = new float[columns];
            for (int i = 0; i < x.rows(); i++) {
                for (int j = 0; j < columns; j++) {
                    row[j] = (float) random.nextGaussian();
                }
                z.write((long) i * columns, row, columns);
            }
        }

        private static FloatMatrix innerProducts(FloatMatrix x) {
            FloatMatrix products = FloatMatrix.of(x.rows(), x.rows());
            Product.inputGradient().multiply(x, x, products);
            return products;
        }

        void iterate() {
            if (inner.isPresent()) {
                forward.multiply(inner.get(), z, zBefore);
            } else {
                backward.multiply(x, z, q);
                forward.multiply(x, q, zBefore);
            }
            orthonormal.apply(zBefore, z);
        }

        PrincipalComponents components(int count) {
            backward.multiply(x, z, qBefore);
            orthonormal.apply(qBefore, q);
            orthonormal.apply(q, qBefore);
            forward.multiply(x, qBefore, z);
            double[] covariance = Gram.of(z);
            for (int i = 0; i < covariance.length; i++) {
                covariance[i] /= x.rows();
            }
            SymmetricEigen eigen = SymmetricEigen.of(covariance, q.columns());
            return new PrincipalComponents(largest(eigen, count), directions(eigen, count));
        }

        private static double[] largest(SymmetricEigen eigen, int count) {
            double[] variances = new double[count];
            for (int i = 0; i < count; i++) {
                variances[i] = Math.max(0, eigen.values()[eigen.values().length - 1 - i]);
            }
            return variances;
        }

        private float[] directions(SymmetricEigen eigen, int count) {
            int columns = q.columns();
            float[] rotation = new float[columns * count];
            for (int k = 0; k < count; k++) {
                for (int i = 0; i < columns; i++) {
                    rotation[i * count + k] = (float) eigen.vectors()[(columns - 1 - k) * columns + i];
                }
            }
            float[] directions = new float[x.columns() * count];
            try (FloatMatrix right = FloatMatrix.of(columns, count);
                    FloatMatrix result = FloatMatrix.of(x.columns(), count)) {
                right.write(0, rotation, rotation.length);
                Product.forward().multiply(qBefore, right, result);
                result.read(0, directions, directions.length);
            }
            return directions;
        }

        @Override
        public void close() {
            inner.ifPresent(FloatMatrix::close);
            q.close();
            qBefore.close();
            z.close();
            zBefore.close();
            orthonormal.close();
        }
    }
}
