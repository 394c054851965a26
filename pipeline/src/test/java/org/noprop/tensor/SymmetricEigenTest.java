package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SymmetricEigenTest {
    private final SplittableRandom random = new SplittableRandom(6);

    @Test
    void vectorsAndValuesMakeTheMatrixAgain() {
        int n = 17;
        double[] matrix = symmetric(n);
        SymmetricEigen eigen = SymmetricEigen.of(matrix, n);
        assertThat(eigen.values()).isSorted();
        float[] product = eigen.function(value -> value);
        for (int i = 0; i < product.length; i++) {
            assertThat((double) product[i]).isCloseTo(matrix[i], within(1e-6));
        }
    }

    @Test
    void vectorsAreOrthogonalAndOfLengthOne() {
        int n = 300;
        SymmetricEigen eigen = SymmetricEigen.of(symmetric(n), n);
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                double inner = 0;
                for (int i = 0; i < n; i++) {
                    inner += eigen.vectors()[a * n + i] * eigen.vectors()[b * n + i];
                }
                assertThat(inner).isCloseTo(a == b ? 1 : 0, within(1e-12));
            }
        }
    }

    private double[] symmetric(int n) {
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i * n + j] = random.nextGaussian();
                matrix[j * n + i] = matrix[i * n + j];
            }
        }
        return matrix;
    }
}
