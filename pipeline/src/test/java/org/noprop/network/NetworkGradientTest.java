package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    @ParameterizedTest
    @ValueSource(ints = {256, 6})
    void aBlockOfAnyWidthHasTheSlopesOfItsLoss(int width) {
        UnitGraph.Builder builder = new UnitGraph.Builder(DataType.DOUBLE, Initialisation.FAN_IN);
        BlockUnits.Site site = new BlockUnits.Site("", builder.input("x"), builder.input("z"), false);
        BlockUnits block = BlockUnits.addTo(
                builder, site, new ImagePart.Embedding(IMAGE_WIDTH, width), new LabelMatrix(DataType.DOUBLE, labels));
        try (UnitGraph graph = builder.build(block.estimate(), random);
                SquaredError error = new SquaredError(DataType.DOUBLE, labels)) {
            double weight = .7;
            DoubleSupplier loss = () -> weight * error.measure(graph.forward(true, images, state), LABELS, weight);
            assertThat(loss.getAsDouble()).isFinite();
            graph.backward(error.gradient());
            GradientCheck.checkSome(graph, loss);
        }
    }

    @Test
    void aBaselineOfTwoBlocksHasTheSlopesOfItsLoss() {
        try (UnitGraph graph = BaselineUnits.graph(
                        DataType.DOUBLE,
                        2,
                        ImagePart.embedding(IMAGE_WIDTH),
                        new LabelMatrix(DataType.DOUBLE, labels),
                        random);
                CrossEntropy entropy = new CrossEntropy(DataType.DOUBLE, 3)) {
            INDArray[] inputs = BaselineUnits.inputs(new INDArray[4], images, state);
            DoubleSupplier loss = () -> entropy.measure(graph.forward(true, inputs), LABELS);
            assertThat(loss.getAsDouble()).isFinite();
            graph.backward(entropy.gradient());
            GradientCheck.checkSome(graph, loss);
        }
    }
}
