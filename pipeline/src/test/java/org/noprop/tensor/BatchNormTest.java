package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The fast batch norm (float32, in Java) against the one by ND4J's ops in float64, and both against formulas. */
class BatchNormTest {
    static {
        NativeBackend.load();
    }

    @ParameterizedTest
    @CsvSource({"2, 1, true", "7, 5, false", "128, 256, true", "128, 256, false", "50, 128, true", "33, 17, true"})
    void theFastKernelGivesWhatTheSlowOneGives(int rows, int width, boolean relu) {
        SplittableRandom random = new SplittableRandom(rows * 1000L + width);
        INDArray x = random(random, rows, width);
        INDArray slope = random(random, rows, width);
        INDArray scale = random(random, width);
        INDArray shift = random(random, width);
        INDArray bias = random(random, width);
        INDArray[] slow = pass(DataType.DOUBLE, relu, x, slope, scale, shift, bias);
        INDArray[] fast = pass(DataType.FLOAT, relu, x, slope, scale, shift, bias);
        for (int i = 0; i < slow.length; i++) {
            double largest = Math.max(1, slow[i].amaxNumber().doubleValue());
            INDArray difference = fast[i].castTo(DataType.DOUBLE).subi(slow[i]);
            assertThat(difference.amaxNumber().doubleValue())
                    .as("largest difference of result %d", i)
                    .isLessThan(2e-4 * largest);
        }
    }

    @Test
    void trainingNormalisesEveryColumn() {
        try (Scratch scratch = new Scratch(DataType.FLOAT);
                BatchNorm norm = new BatchNorm(scratch, 3, false)) {
            norm.input(64).assign(random(new SplittableRandom(1), 64, 3).muli(5).addi(9));
            INDArray y = norm.train(64, Nd4j.ones(DataType.FLOAT, 3), Nd4j.zeros(DataType.FLOAT, 3), zeros(3));
            assertThat(y.mean(0).toDoubleVector()).containsExactly(new double[3], within(1e-5));
            assertThat(y.var(false, 0).toDoubleVector()).containsExactly(new double[] {1, 1, 1}, within(1e-4));
        }
    }

    @Test
    void runningFiguresAreThoseOfPyTorch() {
        try (Scratch scratch = new Scratch(DataType.FLOAT);
                BatchNorm norm = new BatchNorm(scratch, 1, false)) {
            norm.input(4).assign(Nd4j.createFromArray(1f, 2f, 3f, 6f).reshape(4, 1));
            HostValues bias = new HostValues(Nd4j.createFromArray(10f));
            norm.train(4, Nd4j.ones(DataType.FLOAT, 1), Nd4j.zeros(DataType.FLOAT, 1), bias);
            assertThat(norm.runningMean()[0]).isCloseTo(1.3f, within(1e-6f)); // 0.1 (3 + 10)
            assertThat(norm.runningVariance()[0]).isCloseTo(.9f + .1f * 14 / 3, within(1e-6f)); // unbiased
        }
    }

    @Test
    void inferenceUsesTheRunningFigures() {
        try (Scratch scratch = new Scratch(DataType.FLOAT);
                BatchNorm norm = new BatchNorm(scratch, 1, true)) {
            norm.runningMean()[0] = 2;
            norm.runningVariance()[0] = 4;
            norm.input(3).assign(Nd4j.createFromArray(-9f, 1f, 5f).reshape(3, 1));
            HostValues scale = new HostValues(Nd4j.createFromArray(3f));
            HostValues shift = new HostValues(Nd4j.createFromArray(.5f));
            INDArray y = norm.infer(3, scale, shift, new HostValues(Nd4j.createFromArray(1f)));
            double[] expected = {0, .5, 3 * 4 / 2.0 + .5};
            assertThat(y.reshape(3).toDoubleVector()).containsExactly(expected, within(1e-4));
        }
    }

    /** Output, gradients of x, scale and shift, running figures, and the output of inference. */
    private static INDArray[] pass(
            DataType type, boolean relu, INDArray x, INDArray slope, INDArray scale, INDArray shift, INDArray bias) {
        int width = x.columns();
        try (Scratch scratch = new Scratch(type);
                BatchNorm norm = new BatchNorm(scratch, width, relu)) {
            INDArray gamma = scale.castTo(type);
            INDArray beta = shift.castTo(type);
            INDArray scaleGradient = Nd4j.create(type, width);
            INDArray shiftGradient = Nd4j.create(type, width);
            HostValues offset = new HostValues(bias.castTo(type));
            norm.input(x.rows()).assign(x);
            INDArray y = norm.train(x.rows(), gamma, beta, offset).dup('c');
            INDArray dx = norm.backward(slope.castTo(type), gamma, scaleGradient, shiftGradient)
                    .dup('c');
            norm.input(x.rows()).assign(x);
            INDArray inferred = norm.infer(x.rows(), new HostValues(gamma), new HostValues(beta), offset)
                    .dup('c');
            return new INDArray[] {
                y,
                dx,
                scaleGradient,
                shiftGradient,
                Nd4j.createFromArray(norm.runningMean()).castTo(DataType.DOUBLE),
                Nd4j.createFromArray(norm.runningVariance()).castTo(DataType.DOUBLE),
                inferred
            };
        }
    }

    private static HostValues zeros(int width) {
        return new HostValues(Nd4j.zeros(DataType.FLOAT, width));
    }

    /** Values that are the same in float32 and float64. */
    private static INDArray random(SplittableRandom random, long... shape) {
        INDArray array = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, (float) random.nextGaussian());
        }
        return array;
    }
}
