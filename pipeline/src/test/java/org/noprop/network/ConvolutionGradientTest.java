package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.HeadSettings;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.Block.Parts;
import org.noprop.nn.ImagePart;
import org.noprop.nn.Layer;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.Scratch;

/** Convolutional stages, blocks and baselines against finite differences in double precision. */
class ConvolutionGradientTest {
    private static final int[] LABELS = {0, 2, 1, 2, 2, 0};
    private static final long[] SEEDS = {5, 6, 7, 8, 9, 10};
    private static final ImagePart.Convolutions PART =
            new ImagePart.Convolutions(new ImageShape(15, 14, 2), List.of(2, 3, 4), .2);

    private static final Method METHOD = new Method.Discrete(NoiseSchedule.of(.1, .36, .9), .4, 30);

    static {
        NativeBackend.load();
    }

    private final SplittableRandom random = new SplittableRandom(12);
    private final OneHotEmbedding labels = new OneHotEmbedding(3);

    @Test
    void aStageWithPoolingAndDropoutHasTheSlopesOfItsLoss() {
        checkStage(new Layer.Convolution(new ImageShape(6, 7, 2), 3, true, .2), true, 3);
    }

    @Test
    void imagesBeyondTheFirstChunkHaveTheSlopesOfTheirLoss() {
        checkStage(new Layer.Convolution(new ImageShape(4, 4, 1), 1, true, .2), true, 35);
    }

    @Test
    void aStageWithoutPoolingHasTheSlopesOfItsLoss() {
        checkStage(new Layer.Convolution(new ImageShape(5, 6, 3), 4, false, .2), true, 3);
    }

    @Test
    void aStageWithoutDropoutHasTheSlopesOfItsLoss() {
        checkStage(new Layer.Convolution(new ImageShape(6, 6, 1), 2, true, 0), true, 3);
    }

    @Test
    void aStageThatNeedNotPropagateHasTheSlopesOfItsLoss() {
        checkStage(new Layer.Convolution(new ImageShape(6, 7, 2), 3, true, .2), false, 3);
    }

    @Test
    void aConvolutionalBlockHasTheSlopesOfItsLoss() {
        Parts parts = Block.parts(DataType.DOUBLE, METHOD, 2, PART, labels, new HeadSettings.Linear(), 3);
        INDArray images = GradientCheck.random(random, LABELS.length, PART.components());
        INDArray state = GradientCheck.random(random, LABELS.length, 3);
        Batch batch = GradientCheck.batch(state, LABELS, SEEDS);
        DoubleSupplier loss = () -> parts.objective().measure(images, batch).total();
        assertThat(loss.getAsDouble()).isFinite();
        GradientCheck.checkSome(parts.graph(), loss);
        parts.graph().close();
    }

    @Test
    void aBaselineOfTwoConvolutionalBlocksHasTheSlopesOfItsLoss() {
        INDArray images = GradientCheck.random(random, LABELS.length, PART.components());
        INDArray state = GradientCheck.random(random, LABELS.length, 3);
        try (Graph graph = Baseline.graph(DataType.DOUBLE, 2, PART, new LabelMatrix(DataType.DOUBLE, labels), random);
                CrossEntropy entropy = new CrossEntropy(DataType.DOUBLE, 3)) {
            graph.rowSeeds().use(SEEDS);
            DoubleSupplier loss = () -> entropy.measure(graph.forward(true, images, state), LABELS);
            assertThat(loss.getAsDouble()).isFinite();
            graph.backward(entropy.gradient());
            GradientCheck.checkSome(graph, loss);
        }
    }

    /** The loss is a fixed random combination of the outputs. */
    private void checkStage(Layer.Convolution layer, boolean propagate, int rows) {
        RowSeeds seeds = new RowSeeds();
        seeds.use(random.longs(rows).toArray());
        try (Scratch scratch = new Scratch(DataType.DOUBLE);
                ConvolutionStage stage = new ConvolutionStage(scratch, "stage", layer, propagate, seeds)) {
            INDArray values = GradientCheck.random(random, stage.parameterCount());
            INDArray gradients = values.like();
            stage.useValues(values);
            stage.useGradients(gradients);
            INDArray images = GradientCheck.random(random, rows, layer.in().length());
            INDArray direction = GradientCheck.random(random, rows, layer.out().length());
            DoubleSupplier loss =
                    () -> stage.forward(true, images).mul(direction).sumNumber().doubleValue();
            assertThat(loss.getAsDouble()).isNotZero().isFinite();
            INDArray slope = stage.backward(direction)[0];
            if (propagate) {
                GradientCheck.check("images", images, slope.dup(), loss);
            } else {
                assertThat(slope).isNull();
            }
            GradientCheck.check("parameter", values, gradients, loss);
        }
    }
}
