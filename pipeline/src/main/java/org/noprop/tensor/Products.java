package org.noprop.tensor;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The matrix products of a dense layer, on row-major matrices.
 *
 * <p>ND4J's product writes straight into column-major results only; a row-major one costs a copy. A
 * row-major matrix is its column-major transpose in the same memory, so each product here is asked for
 * transposed: yᵀ = wᵀ xᵀ.
 */
public final class Products {
    private Products() {}

    /** y = x w, [rows, in] [in, out]. */
    public static void forward(INDArray x, INDArray w, INDArray y) {
        multiply(w.transpose(), x.transpose(), y.transpose(), 0);
    }

    /** y = y + x w, [rows, in] [in, out]. */
    public static void addForward(INDArray x, INDArray w, INDArray y) {
        multiply(w.transpose(), x.transpose(), y.transpose(), 1);
    }

    /** dw = xᵀ dy, the gradient of the weights, [in, rows] [rows, out]. */
    public static void weightGradient(INDArray x, INDArray dy, INDArray dw) {
        multiply(dy.transpose(), x, dw.transpose(), 0);
    }

    /** dx = dy wᵀ, the gradient of the input, [rows, out] [out, in]. */
    public static void inputGradient(INDArray dy, INDArray w, INDArray dx) {
        multiply(w, dy.transpose(), dx.transpose(), 0);
    }

    /**
     * The sum of each column, times a factor.
     *
     * @param x [rows, columns]
     * @param ones [rows], all 1
     * @param sums receives [columns]
     */
    public static void columnSums(INDArray x, INDArray ones, double factor, INDArray sums) {
        Nd4j.exec(new Mmul(x.transpose(), ones, sums, factor, 0, MMulTranspose.allFalse()));
    }

    private static void multiply(INDArray a, INDArray b, INDArray c, double beta) {
        Nd4j.exec(new Mmul(a, b, c, 1, beta, MMulTranspose.allFalse()));
    }
}
