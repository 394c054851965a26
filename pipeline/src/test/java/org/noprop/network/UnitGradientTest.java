package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.Scratch;

class UnitGradientTest {
    private static final int ROWS = 7;

    static {
        NativeBackend.load();
    }

    private final SplittableRandom random = new SplittableRandom(5);
    private final Scratch scratch = new Scratch(DataType.DOUBLE);

    @AfterEach
    void free() {
        scratch.close();
    }

    @Test
    void aDenseLayerWithNormAndReluHasTheSlopesOfItsLoss() {
        checkUnit(new DenseNorm(scratch, "unit", 5, true, true, 4), 5, 4);
    }

    @Test
    void aDenseLayerWithNormAloneHasTheSlopesOfItsLoss() {
        checkUnit(new DenseNorm(scratch, "unit", 5, false, true, 4), 5, 4);
    }

    @Test
    void aDenseLayerOverTwoInputsHasTheSlopesOfItsLoss() {
        checkUnit(new DenseNorm(scratch, "unit", 5, true, true, 4, 3), 5, 4, 3);
    }

    @Test
    void aPlainDenseLayerHasTheSlopesOfItsLoss() {
        checkUnit(new Dense(scratch, "unit", 4, 3), 3, 4);
    }

    @Test
    void aSoftmaxHasTheSlopesOfItsLoss() {
        checkUnit(new SoftmaxUnit(scratch, "unit", 3), 3, 3);
    }

    @Test
    void aDenseLayerWithReluHasTheSlopesOfItsLoss() {
        checkUnit(new DenseRelu(scratch, "unit", 5, true, 4, 3, 2), 5, 4, 3, 2);
    }

    @Test
    void aSoftmaxIsTheCombinationOfOneHotEmbeddings() {
        try (SoftmaxUnit unit = new SoftmaxUnit(scratch, "unit", 3)) {
            INDArray output = unit.forward(true, Nd4j.createFromArray(new double[][] {{0, Math.log(2), Math.log(5)}}));
            assertThat(output.toDoubleVector()).containsExactly(new double[] {.125, .25, .625}, within());
        }
    }

    @Test
    void aSumHasTheSlopesOfItsLoss() {
        checkUnit(new Sum(scratch, "unit", 4), 4, 4, 4);
    }

    @Test
    void aMixHasTheSlopesOfItsLoss() {
        checkUnit(new Mix(scratch, "unit", 4), 4, 4, 4);
    }

    @Test
    void aUnitThatNeedNotPropagateGivesNoInputGradient() {
        try (DenseNorm unit = new DenseNorm(scratch, "unit", 5, true, false, 4)) {
            attach(unit);
            INDArray output = unit.forward(true, GradientCheck.random(random, ROWS, 4));
            assertThat(unit.backward(output.dup())).containsOnlyNulls();
        }
    }

    /** The loss is a fixed random combination of the outputs. */
    private void checkUnit(Unit unit, int width, int... widths) {
        try (unit) {
            INDArray values = attach(unit);
            INDArray gradients = values.like();
            if (values.length() > 0) {
                unit.useGradients(gradients);
            }
            INDArray[] inputs = new INDArray[widths.length];
            for (int i = 0; i < widths.length; i++) {
                inputs[i] = GradientCheck.random(random, ROWS, widths[i]);
            }
            INDArray direction = GradientCheck.random(random, ROWS, width);
            DoubleSupplier loss =
                    () -> unit.forward(true, inputs).mul(direction).sumNumber().doubleValue();
            assertThat(loss.getAsDouble()).isFinite();
            INDArray[] slopes = unit.backward(direction);
            for (int i = 0; i < slopes.length; i++) {
                slopes[i] = slopes[i].dup();
            }
            for (int i = 0; i < slopes.length; i++) {
                GradientCheck.check("input " + i, inputs[i], slopes[i], loss);
            }
            if (values.length() > 0) {
                GradientCheck.check("parameter", values, gradients, loss);
            }
        }
    }

    private INDArray attach(Unit unit) {
        if (unit.parameterCount() == 0) {
            return Nd4j.empty(DataType.DOUBLE);
        }
        INDArray values = GradientCheck.random(random, unit.parameterCount());
        unit.useValues(values);
        unit.useGradients(values.like());
        return values;
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-12);
    }
}
