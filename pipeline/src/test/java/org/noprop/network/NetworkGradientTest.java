package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.OneHotEmbedding;
import org.noprop.tensor.NativeBackend;

/** Whole graphs, batch norm in training mode, against finite differences in double precision. */
class NetworkGradientTest {
    private static final int IMAGE_WIDTH = 3;
    private static final int[] LABELS = {0, 2, 1, 2, 2, 0};

    static {
        NativeBackend.load();
    }

    private final SplittableRandom random = new SplittableRandom(11);
    private final OneHotEmbedding labels = new OneHotEmbedding(3);
    private final INDArray images = GradientCheck.random(random, LABELS.length, IMAGE_WIDTH);
    private final INDArray state = GradientCheck.random(random, LABELS.length, 3);

    @Test
    void aBlockHasTheSlopesOfItsLoss() {
        UnitGraph.Builder builder = new UnitGraph.Builder(DataType.DOUBLE);
        BlockUnits.Site site = new BlockUnits.Site("", builder.input("x"), builder.input("z"), false);
        BlockUnits block = BlockUnits.addTo(builder, site, IMAGE_WIDTH, labels);
        try (UnitGraph graph = builder.build(block.estimate(), random);
                SquaredError error = new SquaredError(DataType.DOUBLE, labels)) {
            double weight = .7;
            DoubleSupplier loss = () -> weight * error.measure(graph.forward(true, images, state), LABELS, weight);
            assertThat(loss.getAsDouble()).isFinite();
            graph.backward(error.gradient());
            checkSome(graph, loss);
        }
    }

    @Test
    void aBaselineOfTwoBlocksHasTheSlopesOfItsLoss() {
        try (UnitGraph graph = BaselineUnits.graph(DataType.DOUBLE, 2, IMAGE_WIDTH, labels, random);
                CrossEntropy entropy = new CrossEntropy(DataType.DOUBLE, 3)) {
            INDArray[] inputs = BaselineUnits.inputs(new INDArray[4], images, state);
            DoubleSupplier loss = () -> entropy.measure(graph.forward(true, inputs), LABELS);
            assertThat(loss.getAsDouble()).isFinite();
            graph.backward(entropy.gradient());
            checkSome(graph, loss);
        }
    }

    /** The first and the last values of every parameter: a whole network has too many. */
    private static void checkSome(UnitGraph graph, DoubleSupplier loss) {
        INDArray gradients = graph.gradients().dup();
        for (Unit unit : graph.units()) {
            for (int i = 0; i < unit.parameters().size(); i++) {
                INDArray value =
                        unit.value(i).reshape('c', new long[] {unit.value(i).length()});
                INDArray slope = gradients
                        .reshape('c', new long[] {gradients.length()})
                        .get(org.nd4j.linalg.indexing.NDArrayIndex.interval(
                                value.offset(), value.offset() + value.length()));
                String name = unit.name() + "." + unit.parameters().get(i).name();
                long some = Math.min(4, value.length());
                checkRange(name, value, slope, 0, some, loss);
                checkRange(name, value, slope, value.length() - some, value.length(), loss);
            }
        }
    }

    private static void checkRange(
            String name, INDArray value, INDArray slope, long from, long to, DoubleSupplier loss) {
        var range = org.nd4j.linalg.indexing.NDArrayIndex.interval(from, to);
        GradientCheck.check(name, value.get(range), slope.get(range), loss);
    }
}
