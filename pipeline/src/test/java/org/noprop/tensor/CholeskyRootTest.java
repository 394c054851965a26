package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** R⁻¹ turns A into the identity matrix from both sides. */
class CholeskyRootTest {
    static {
        NativeBackend.load();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64, 65, 200, 333})
    void theInverseOfTheRootTurnsTheMatrixIntoTheIdentity(int n) {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2L * n + 5, n);
        INDArray matrix = x.transpose().mmul(x);
        INDArray inverse = CholeskyRoot.inverse(matrix);
        INDArray identity = inverse.transpose().mmul(matrix).mmul(inverse);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                assertThat(identity.getDouble(i, j)).isCloseTo(i == j ? 1 : 0, within(1e-9));
                if (j < i) {
                    assertThat(inverse.getDouble(i, j)).isZero();
                }
            }
        }
    }
}
