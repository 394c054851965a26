package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whichever kernels BLAS uses, against three plain loops. */
class ProductTest {
    static {
        NativeBackend.load();
    }

    private final SplittableRandom random = new SplittableRandom(2);

    @Test
    void productsOfRandomShapesAreThoseOfPlainLoops() {
        Product forward = Product.forward();
        Product weightGradient = Product.weightGradient();
        Product inputGradient = Product.inputGradient();
        for (int i = 0; i < 40; i++) {
            INDArray x = matrix(1 + random.nextInt(140), 1 + random.nextInt(300));
            INDArray w = matrix(x.columns(), 1 + random.nextInt(140));
            INDArray y = Nd4j.create(DataType.FLOAT, x.rows(), w.columns());
            forward.multiply(x, w, y);
            check(y, x, w);
            INDArray dw = w.like();
            weightGradient.multiply(x, y, dw);
            check(dw, x.transpose().dup('c'), y);
            INDArray dx = x.like();
            inputGradient.multiply(y, w, dx);
            check(dx, y, w.transpose().dup('c'));
        }
    }

    @Test
    void anAddingProductKeepsWhatIsThere() {
        INDArray x = matrix(3, 4);
        INDArray w = matrix(4, 2);
        INDArray once = Nd4j.create(DataType.FLOAT, 3, 2);
        Product.forward().multiply(x, w, once);
        INDArray sum = once.dup('c');
        Product.addForward().multiply(x, w, sum);
        assertThat(sum.sub(once.mul(2)).amaxNumber().doubleValue()).isLessThan(1e-6);
    }

    @Test
    void newValuesInTheSameArraysAreSeen() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 2}});
        INDArray w = Nd4j.createFromArray(new float[][] {{1}, {1}});
        INDArray y = Nd4j.create(DataType.FLOAT, 1, 1);
        Product product = Product.forward();
        product.multiply(x, w, y);
        assertThat(y.getDouble(0)).isEqualTo(3);
        x.putScalar(0, 5);
        product.multiply(x, w, y);
        assertThat(y.getDouble(0)).isEqualTo(7);
    }

    private static void check(INDArray product, INDArray left, INDArray right) {
        float[] a = left.data().asFloat();
        float[] b = right.data().asFloat();
        float[] c = product.data().asFloat();
        int inner = left.columns();
        int columns = right.columns();
        for (int i = 0; i < c.length; i++) {
            double sum = 0;
            double size = 1;
            for (int k = 0; k < inner; k++) {
                double term = (double) a[i / columns * inner + k] * b[k * columns + i % columns];
                sum += term;
                size += Math.abs(term);
            }
            assertThat((double) c[i]).isCloseTo(sum, within(1e-6 * size));
        }
    }

    private INDArray matrix(int rows, int columns) {
        INDArray matrix = Nd4j.create(DataType.FLOAT, rows, columns);
        for (long i = 0; i < matrix.length(); i++) {
            matrix.putScalar(i, random.nextGaussian());
        }
        return matrix;
    }
}
