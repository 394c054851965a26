package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.network.LearnedGraphBlock.Parts;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.OptimiserSettings;

/**
 * The whole objective of NoProp-DT with trained label embeddings (Equation 8: all three terms, and all ways
 * in which W_Embed enters them) against finite differences in double precision.
 */
class LearnedGradientTest {
    private static final int[] LABELS = {0, 2, 1, 2, 2, 0};
    private static final long[] SEEDS = {1, 2, 3, 4, 5, 6};
    private static final DiscreteStep STEP = new DiscreteStep(.3, .1, .9, .7);
    private static final DiscreteStep LATER_STEP = new DiscreteStep(.5, .1, .9, 1.1);

    static {
        NativeBackend.load();
    }

    private final SplittableRandom random = new SplittableRandom(11);

    @Test
    void aBlockWithLearnedLabelEmbeddingsHasTheSlopesOfItsObjective() {
        check(ImagePart.embedding(3), LearnedEmbedding.initial(3, 4, 1), new HeadSettings.Linear());
    }

    @Test
    void aBlockWithAPosteriorHeadHasTheSlopesOfItsObjective() {
        check(ImagePart.embedding(3), LearnedEmbedding.initial(3, 2, 1), new HeadSettings.Posterior(.6));
    }

    @Test
    void aBlockOverPrototypesHasTheSlopesOfItsObjective() {
        check(ImagePart.embedding(5), prototypes(5), new HeadSettings.Linear());
    }

    @Test
    void aConvolutionalBlockOverPrototypesHasTheSlopesOfItsObjective() {
        ImagePart part = new ImagePart.Convolutions(new ImageShape(10, 10, 1), List.of(2, 2), .2);
        check(part, prototypes(100), new HeadSettings.Posterior(.6));
    }

    @Test
    void aBaselineTrainsItsLabelEmbeddingsAlongTheSlopesOfItsLoss() {
        LabelMatrix labels = new LabelMatrix(DataType.DOUBLE, LearnedEmbedding.initial(3, 4, 1));
        INDArray images = GradientCheck.random(random, LABELS.length, 3);
        INDArray state = GradientCheck.random(random, LABELS.length, 4);
        try (CommonWeights common = new CommonWeights(DataType.DOUBLE, List.of(labels));
                UnitGraph graph = BaselineUnits.graph(DataType.DOUBLE, 2, ImagePart.embedding(3), labels, random);
                CrossEntropy entropy = new CrossEntropy(DataType.DOUBLE, 3)) {
            labels.start();
            INDArray[] inputs = BaselineUnits.inputs(new INDArray[4], images, state);
            DoubleSupplier loss = () -> entropy.measure(graph.forward(true, inputs), LABELS);
            labels.beginStep();
            assertThat(loss.getAsDouble()).isFinite();
            graph.backward(entropy.gradient());
            GradientCheck.checkSome(graph, loss);
            GradientCheck.checkSome(common, loss);
        }
    }

    /**
     * One process would go down the mean of both blocks' objectives; its step is taken here along slopes that
     * are found by finite differences.
     */
    @Test
    void labelEmbeddingsAveragedOverTwoGroupsAfterAPlainGradientStepAreThoseOfOneProcess() {
        LearnedEmbedding start = LearnedEmbedding.initial(3, 4, 1);
        OptimiserSettings sgd = OptimiserSettings.sgd(.1, .01);
        NoiseBatch firstBatch = batch(3, 4);
        NoiseBatch secondBatch = batch(3, 4);
        try (LearnedBlock first = block(start, STEP, sgd);
                LearnedBlock second = block(start, LATER_STEP, sgd)) {
            first.trainStep(firstBatch);
            second.trainStep(secondBatch);
            float[] one = first.labels().matrix();
            float[] other = second.labels().matrix();
            double[] firstSlopes = slopes(start, STEP, firstBatch);
            double[] secondSlopes = slopes(start, LATER_STEP, secondBatch);
            for (int i = 0; i < firstSlopes.length; i++) {
                double weight = start.matrix()[i];
                double slope = (firstSlopes[i] + secondSlopes[i]) / 2;
                double stepped = weight - .1 * (slope + .01 * weight);
                assertThat(((double) one[i] + other[i]) / 2).isCloseTo(stepped, within(1e-6));
                assertThat(stepped).isNotCloseTo(weight, within(1e-4));
            }
        }
    }

    private static LearnedBlock block(LearnedEmbedding start, DiscreteStep step, OptimiserSettings optimiser) {
        return new Dl4jNetworks()
                .learnedBlock(ImagePart.embedding(3), start, new HeadSettings.Linear(), step, optimiser, 1);
    }

    /** By finite differences, of a block whose weights start as those of {@link #block} do. */
    private static double[] slopes(LearnedEmbedding start, DiscreteStep step, NoiseBatch batch) {
        Parts parts = LearnedGraphBlock.parts(
                DataType.DOUBLE, ImagePart.embedding(3), start, new HeadSettings.Linear(), step, 1);
        INDArray images =
                Nd4j.createFromArray(batch.images()).castTo(DataType.DOUBLE).reshape(LABELS.length, 3);
        try (CommonWeights common = LearnedGraphBlock.common(DataType.DOUBLE, parts.labels(), parts.head())) {
            double[] slopes = new double[start.matrix().length];
            for (int i = 0; i < slopes.length; i++) {
                double value = common.values().getDouble(i);
                common.values().putScalar(i, value + 1e-5);
                double above = parts.objective().measure(images, batch).total();
                common.values().putScalar(i, value - 1e-5);
                double below = parts.objective().measure(images, batch).total();
                common.values().putScalar(i, value);
                slopes[i] = (above - below) / 2e-5;
            }
            return slopes;
        } finally {
            parts.graph().close();
        }
    }

    private NoiseBatch batch(int imageWidth, int width) {
        return new NoiseBatch(LABELS.length, noise(imageWidth), noise(width), noise(width), LABELS, SEEDS);
    }

    private LabelEmbedding prototypes(int width) {
        float[] images = new float[3 * width];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        return new PrototypeEmbedding(3, width, true, images);
    }

    private void check(ImagePart image, LabelEmbedding labels, HeadSettings head) {
        Parts parts = LearnedGraphBlock.parts(DataType.DOUBLE, image, labels, head, STEP, 1);
        INDArray images = GradientCheck.random(random, LABELS.length, image.components());
        NoiseBatch batch = batch(0, labels.width());
        try (CommonWeights common = LearnedGraphBlock.common(DataType.DOUBLE, parts.labels(), parts.head())) {
            parts.head().weights().initialise(Initialisation.FAN_IN, random);
            DoubleSupplier loss = () -> parts.objective().measure(images, batch).total();
            assertThat(loss.getAsDouble()).isFinite();
            GradientCheck.checkSome(common, loss);
            assertThat(loss.getAsDouble()).isFinite();
            GradientCheck.checkSome(parts.graph(), loss);
        } finally {
            parts.graph().close();
        }
    }

    private float[] noise(int width) {
        float[] noise = new float[LABELS.length * width];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }
}
