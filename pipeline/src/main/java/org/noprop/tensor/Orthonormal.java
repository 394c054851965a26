package org.noprop.tensor;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
        double[] gram = Gram.of(y);
        double trace = 0;
        for (int i = 0; i < columns; i++) {
            trace += gram[i * columns + i];
        }
        for (int i = 0; i < columns; i++) {
            gram[i * columns + i] += JITTER * trace / columns;
        }
        try (INDArray matrix = Nd4j.create(gram, new long[] {columns, columns}, 'c');
                INDArray root = CholeskyRoot.inverse(matrix);
                INDArray single = root.castTo(DataType.FLOAT)) {
            inverse.array().assign(single);
        }
        apply.multiply(y, inverse, result);
    }

    @Override
    public void close() {
        inverse.close();
    }
}
