package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Compares gradients with central finite differences in double precision. */
final class GradientCheck {
    private static final double STEP = 1e-6;
    private static final double TOLERANCE = 1e-6;

    private GradientCheck() {}

    /** Every component of {@code gradient} is the slope of {@code loss} along that component of {@code variable}. */
    static void check(String name, INDArray variable, INDArray gradient, DoubleSupplier loss) {
        INDArray values = variable.reshape('c', new long[] {variable.length()});
        INDArray slopes = gradient.dup('c').reshape('c', new long[] {gradient.length()});
        for (long i = 0; i < values.length(); i++) {
            double value = values.getDouble(i);
            values.putScalar(i, value + STEP);
            double above = loss.getAsDouble();
            values.putScalar(i, value - STEP);
            double below = loss.getAsDouble();
            values.putScalar(i, value);
            double slope = (above - below) / (2 * STEP);
            assertThat(slopes.getDouble(i))
                    .as("slope of %s at %d", name, i)
                    .isCloseTo(slope, org.assertj.core.data.Offset.offset(TOLERANCE * Math.max(1, Math.abs(slope))));
        }
    }

    /** The first and the last values of every parameter: a whole network has too many. */
    static void checkSome(Graph graph, DoubleSupplier loss) {
        INDArray gradients = graph.weights().gradients().dup();
        for (Unit unit : graph.units()) {
            for (int i = 0; i < unit.parameters().size(); i++) {
                INDArray value =
                        unit.value(i).reshape('c', new long[] {unit.value(i).length()});
                INDArray slope = gradients
                        .reshape('c', new long[] {gradients.length()})
                        .get(NDArrayIndex.interval(value.offset(), value.offset() + value.length()));
                String name = unit.name() + "." + unit.parameters().get(i).name();
                long some = Math.min(2, value.length());
                checkRange(name, value, slope, 0, some, loss);
                checkRange(name, value, slope, value.length() - some, value.length(), loss);
            }
        }
    }

    /** Forty values or so, evenly chosen, of weights that lie beside a graph. */
    static void checkSome(WeightVector weights, DoubleSupplier loss) {
        INDArray slopes = weights.gradients().dup();
        long stride = 1 + weights.values().length() / 40;
        for (long i = 0; i < slopes.length(); i += stride) {
            var one = NDArrayIndex.interval(i, i + 1);
            check("value beside the graph", weights.values().get(one), slopes.get(one), loss);
        }
    }

    private static void checkRange(
            String name, INDArray value, INDArray slope, long from, long to, DoubleSupplier loss) {
        var range = NDArrayIndex.interval(from, to);
        check(name, value.get(range), slope.get(range), loss);
    }

    /** A batch of a block in discrete time over fixed label embeddings, whose images are given apart. */
    static Batch batch(INDArray noise, int[] labels, long[] dropoutSeeds) {
        double[] values = noise.reshape(noise.length()).toDoubleVector();
        return new Batch(labels.length, new float[0], labels, new double[0], values, new double[0], dropoutSeeds);
    }

    /** A matrix of values that are uniform in ±1. */
    static INDArray random(SplittableRandom random, long... shape) {
        INDArray array = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, 2 * random.nextDouble() - 1);
        }
        return array;
    }
}
