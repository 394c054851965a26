package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.HeadSettings;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.Block.Parts;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.NativeBackend;

/** Whole graphs, batch norm in training mode, against finite differences in double precision. */
class NetworkGradientTest {
    private static final int IMAGE_WIDTH = 3;
    private static final int[] LABELS = {0, 2, 1, 2, 2, 0};

    private static final Method METHOD = new Method.Discrete(NoiseSchedule.of(.1, .36, .9), .4, 30);

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
        Parts parts = Block.parts(
                DataType.DOUBLE,
                METHOD,
                2,
                new ImagePart.Embedding(IMAGE_WIDTH, width),
                labels,
                new HeadSettings.Linear(),
                3);
        Batch batch = GradientCheck.batch(state, LABELS, new long[0]);
        DoubleSupplier loss = () -> parts.objective().measure(images, batch).total();
        assertThat(loss.getAsDouble()).isFinite();
        GradientCheck.checkSome(parts.graph(), loss);
        parts.graph().close();
    }

    @Test
    void aBaselineOfTwoBlocksHasTheSlopesOfItsLoss() {
        try (Graph graph = Baseline.graph(
                        DataType.DOUBLE,
                        2,
                        ImagePart.embedding(IMAGE_WIDTH),
                        new LabelMatrix(DataType.DOUBLE, labels),
                        random);
                CrossEntropy entropy = new CrossEntropy(DataType.DOUBLE, 3)) {
            DoubleSupplier loss = () -> entropy.measure(graph.forward(true, images, state), LABELS);
            assertThat(loss.getAsDouble()).isFinite();
            graph.backward(entropy.gradient());
            GradientCheck.checkSome(graph, loss);
        }
    }
}
