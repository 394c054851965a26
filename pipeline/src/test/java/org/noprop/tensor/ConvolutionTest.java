package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The native passes against loops that follow the definition. */
class ConvolutionTest {
    static {
        NativeBackend.load();
    }

    private final SplittableRandom random = new SplittableRandom(8);

    @Test
    void theOutputIsThatOfTheDefinitionForEveryShapeTried() {
        for (int trial = 0; trial < 12; trial++) {
            Case tried = new Case();
            INDArray y = tried.result(tried.out.length());
            tried.convolution.forward(tried.x, tried.w, tried.b, y);
            assertClose(y, tried.slowForward());
        }
    }

    @Test
    void theWeightGradientIsThatOfTheDefinitionForEveryShapeTried() {
        for (int trial = 0; trial < 12; trial++) {
            Case tried = new Case();
            INDArray dw = tried.w.like();
            tried.convolution.weightGradient(tried.x, 0, tried.dy, dw, false);
            assertClose(dw, tried.slowWeightGradient());
        }
    }

    @Test
    void theInputGradientIsThatOfTheDefinitionForEveryShapeTried() {
        for (int trial = 0; trial < 12; trial++) {
            Case tried = new Case();
            INDArray dx = tried.result(tried.in.length());
            tried.convolution.inputGradient(tried.dy, tried.w, dx);
            assertClose(dx, tried.slowInputGradient());
        }
    }

    @Test
    void theBiasGradientIsTheSumOverPixelsAndImages() {
        Case tried = new Case();
        INDArray db = tried.b.like();
        tried.convolution.biasGradient(tried.dy, db);
        double[] sums = new double[tried.channels];
        for (long i = 0; i < tried.dy.length(); i++) {
            sums[(int) (i % tried.channels)] += at(tried.dy, (int) i);
        }
        assertClose(db, sums);
    }

    @Test
    void manyImagesWhosePatchesTakeSeveralChunksGiveTheSumOfTheirGradients() {
        try (Scratch scratch = new Scratch(DataType.FLOAT)) {
            ImageShape in = new ImageShape(13, 13, 32);
            Convolution convolution = new Convolution(scratch, in, 8);
            INDArray x = uniform(70, in.length());
            INDArray dy = uniform(70, convolution.output().length());
            INDArray whole = Nd4j.create(DataType.FLOAT, 3, 3, 32, 8);
            convolution.weightGradient(x, 0, dy, whole, false);
            INDArray sum = whole.like();
            for (int i = 0; i < 70; i++) {
                INDArray one = whole.like();
                convolution.weightGradient(x, i, dy.getRow(i, true).dup(), one, false);
                sum.addi(one);
            }
            assertThat(whole.sub(sum).amaxNumber().doubleValue()).isLessThan(2e-3);
            convolution.weightGradient(x, 0, dy, sum, true);
            assertThat(whole.muli(2).sub(sum).amaxNumber().doubleValue()).isLessThan(4e-3);
        }
    }

    /** A convolution of a random shape on random images. */
    private final class Case {
        private final int rows = 1 + random.nextInt(4);
        private final int channels = 1 + random.nextInt(9);
        private final ImageShape in =
                new ImageShape(3 + random.nextInt(6), 3 + random.nextInt(6), 1 + random.nextInt(5));
        private final ImageShape out = in.convolved(channels);
        private final Convolution convolution = new Convolution(new Scratch(DataType.FLOAT), in, channels);
        private final INDArray x = uniform(rows, in.length());
        private final INDArray w = uniform(3, 3, in.channels(), channels);
        private final INDArray b = uniform(channels);
        private final INDArray dy = uniform(rows, out.length());

        INDArray result(int width) {
            return Nd4j.create(DataType.FLOAT, rows, width);
        }

        double[] slowForward() {
            double[] y = new double[rows * out.length()];
            for (int i = 0; i < y.length; i++) {
                y[i] = at(b, i % channels);
            }
            overPatches((weight, input, output) -> y[output] += at(w, weight) * at(x, input));
            return y;
        }

        double[] slowWeightGradient() {
            double[] dw = new double[9 * in.channels() * channels];
            overPatches((weight, input, output) -> dw[weight] += at(dy, output) * at(x, input));
            return dw;
        }

        double[] slowInputGradient() {
            double[] dx = new double[rows * in.length()];
            overPatches((weight, input, output) -> dx[input] += at(dy, output) * at(w, weight));
            return dx;
        }

        /** Every (weight, input, output) that the definition multiplies, as places in the flat arrays. */
        private void overPatches(Term term) {
            for (int output = 0; output < rows * out.length(); output++) {
                int k = output % channels;
                int column = output / channels % out.width();
                int line = output / channels / out.width() % out.height();
                int row = output / out.length();
                for (int patch = 0; patch < 9 * in.channels(); patch++) {
                    int c = patch % in.channels();
                    int inputColumn = column + patch / in.channels() % 3;
                    int inputLine = line + patch / in.channels() / 3;
                    int input = ((row * in.height() + inputLine) * in.width() + inputColumn) * in.channels() + c;
                    term.add(patch * channels + k, input, output);
                }
            }
        }
    }

    private interface Term {
        void add(int weight, int input, int output);
    }

    private INDArray uniform(long... shape) {
        INDArray array = Nd4j.create(DataType.FLOAT, shape);
        INDArray flat = array.reshape('c', true, new long[] {array.length()});
        for (long i = 0; i < flat.length(); i++) {
            flat.putScalar(i, 2 * random.nextDouble() - 1);
        }
        return array;
    }

    private static double at(INDArray array, int place) {
        return array.data().getDouble(place);
    }

    private static void assertClose(INDArray actual, double[] expected) {
        assertThat(actual.length()).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(at(actual, i)).as("value %d", i).isCloseTo(expected[i], Offset.offset(1e-4));
        }
    }
}
