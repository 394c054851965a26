package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class BiasReluTest {
    private static final int ROWS = 5;
    private static final int WIDTH = 7;

    static {
        NativeBackend.load();
    }

    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    void theOutputIsThePositivePartOfTheSum() {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            try (Scratch scratch = new Scratch(type)) {
                INDArray x = values(type, ROWS, WIDTH);
                INDArray bias = values(type, WIDTH);
                INDArray y = x.dup('c');
                new BiasRelu(scratch, WIDTH).forward(y, bias);
                for (int i = 0; i < ROWS * WIDTH; i++) {
                    double sum = x.getDouble(i / WIDTH, i % WIDTH) + bias.getDouble(i % WIDTH);
                    assertThat(y.getDouble(i / WIDTH, i % WIDTH)).isCloseTo(Math.max(0, sum), within(1e-6));
                }
            }
        }
    }

    @Test
    void gradientsPassWhereTheOutputIsPositive() {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            try (Scratch scratch = new Scratch(type)) {
                BiasRelu kernel = new BiasRelu(scratch, WIDTH);
                INDArray y = values(type, ROWS, WIDTH);
                kernel.forward(y, values(type, WIDTH));
                INDArray gradient = values(type, ROWS, WIDTH);
                INDArray biasGradient = Nd4j.create(type, WIDTH);
                INDArray slope = kernel.backward(gradient, y, biasGradient);
                for (int j = 0; j < WIDTH; j++) {
                    double sum = 0;
                    for (int i = 0; i < ROWS; i++) {
                        double passed = y.getDouble(i, j) > 0 ? gradient.getDouble(i, j) : 0;
                        assertThat(slope.getDouble(i, j)).isCloseTo(passed, within(1e-6));
                        sum += passed;
                    }
                    assertThat(biasGradient.getDouble(j)).isCloseTo(sum, within(1e-5));
                }
            }
        }
    }

    /** A bias that is a view into a longer vector, as a network's is. */
    @Test
    void aBiasInsideALongerVectorIsReadWhereItLies() {
        try (Scratch scratch = new Scratch(DataType.FLOAT)) {
            INDArray flat = Nd4j.createFromArray(9f, 9f, 1f, -2f);
            INDArray y = Nd4j.createFromArray(new float[][] {{1, 1}});
            new BiasRelu(scratch, 2).forward(y, flat.get(NDArrayIndex.interval(2, 4)));
            assertThat(y.toFloatVector()).containsExactly(2, 0);
        }
    }

    private INDArray values(DataType type, long... shape) {
        INDArray array = Nd4j.create(type, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }
}
