package org.noprop.tensor;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A product of row-major matrices that is computed again and again: result = op(left) op(right), or added
 * to what the result holds, op being the transpose or nothing.
 *
 * <p>Given row-major arrays, ND4J's native op leaves float32 to oneDNN, which has kernels for every CPU;
 * a column-major array would go to OpenBLAS, which knows no CPU after 2021 and is half as fast on one. This
 * keeps its native call from use to use: a fresh one each time costs more than a small product, and is freed
 * only when Java collects garbage.
 */
public final class Product {
    private static final CustomOp OP = new Mmul();

    private final boolean transposeLeft;
    private final boolean transposeRight;
    private final double keep;
    private OpContext call;
    private INDArray left;
    private INDArray right;
    private INDArray result;

    private Product(boolean transposeLeft, boolean transposeRight, double keep) {
        this.transposeLeft = transposeLeft;
        this.transposeRight = transposeRight;
        this.keep = keep;
    }

    /** y = x w, [rows, in] [in, out]: the forward pass of a dense layer. */
    public static Product forward() {
        return new Product(false, false, 0);
    }

    /** y = y + x w. */
    public static Product addForward() {
        return new Product(false, false, 1);
    }

    /** dw = xᵀ dy, [in, rows] [rows, out]: the gradient of the weights. */
    public static Product weightGradient() {
        return new Product(true, false, 0);
    }

    /** dw = dw + xᵀ dy. */
    public static Product addWeightGradient() {
        return new Product(true, false, 1);
    }

    /** dx = dy wᵀ, [rows, out] [out, in]: the gradient of the input. */
    public static Product inputGradient() {
        return new Product(false, true, 0);
    }

    /**
     * Computes it.
     *
     * @param newLeft contiguous, row-major; the fewer distinct arrays in a row, the faster
     * @param newRight likewise
     * @param newResult likewise
     */
    public void multiply(INDArray newLeft, INDArray newRight, INDArray newResult) {
        if (call == null || newLeft != left || newRight != right || newResult != result) {
            bind(newLeft, newRight, newResult);
        }
        Nd4j.getExecutioner().exec(OP, call);
    }

    /**
     * Computes it.
     *
     * @param newLeft the fewer distinct matrices in a row, the faster
     * @param newRight likewise
     * @param newResult likewise
     */
    public void multiply(FloatMatrix newLeft, FloatMatrix newRight, FloatMatrix newResult) {
        multiply(newLeft.array(), newRight.array(), newResult.array());
    }

    private void bind(INDArray newLeft, INDArray newRight, INDArray newResult) {
        left = newLeft;
        right = newRight;
        result = newResult;
        if (call == null) {
            call = Nd4j.getExecutioner().buildContext();
            call.shapeFunctionOverride(true);
            call.setTArguments(1, keep);
            call.setIArguments(transposeLeft ? 1 : 0, transposeRight ? 1 : 0, 0);
        } else {
            call.purge(); // or it keeps the native side of every array it ever had
        }
        call.setInputArray(0, left);
        call.setInputArray(1, right);
        call.setOutputArray(0, result);
    }

    /**
     * The sum of each column, times a factor, once.
     *
     * @param x [rows, columns]
     * @param ones [rows], all 1: the sum is a product with it
     * @param sums receives [columns]
     */
    static void columnSums(INDArray x, INDArray ones, double factor, INDArray sums) {
        Nd4j.exec(new Mmul(x.transpose(), ones, sums, factor, 0, MMulTranspose.allFalse()));
    }
}
