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
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.network.Block.Parts;
import org.noprop.nn.ImagePart;
import org.noprop.nn.Initialisation;
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
    private static final Method METHOD = new Method.Discrete(NoiseSchedule.of(.1, .3, .5, .9), .4, 3);
    private static final int STEP = 2;
    private static final int LATER_STEP = 3;

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
        try (WeightVector common = new WeightVector(DataType.DOUBLE, List.of(labels));
                Graph graph = Baseline.graph(DataType.DOUBLE, 2, ImagePart.embedding(3), labels, random);
                CrossEntropy entropy = new CrossEntropy(DataType.DOUBLE, 3)) {
            labels.start();
            DoubleSupplier loss = () -> entropy.measure(graph.forward(true, images, state), LABELS);
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
        Batch firstBatch = batch(3, 4);
        Batch secondBatch = batch(3, 4);
        try (Block first = block(start, STEP, sgd);
                Block second = block(start, LATER_STEP, sgd)) {
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

    private static Block block(LearnedEmbedding start, int step, OptimiserSettings optimiser) {
        return RandomBatches.block(METHOD, step, ImagePart.embedding(3), start, optimiser, 1);
    }

    private static Parts parts(ImagePart image, LabelEmbedding labels, HeadSettings head, int step) {
        return Block.parts(DataType.DOUBLE, METHOD, step, image, labels, head, 1);
    }

    /** By finite differences, of a block whose weights start as those of {@link #block} do. */
    private static double[] slopes(LearnedEmbedding start, int step, Batch batch) {
        Parts parts = parts(ImagePart.embedding(3), start, new HeadSettings.Linear(), step);
        INDArray images =
                Nd4j.createFromArray(batch.images()).castTo(DataType.DOUBLE).reshape(LABELS.length, 3);
        INDArray values = parts.beside().get(0).values();
        double[] slopes = new double[start.matrix().length];
        for (int i = 0; i < slopes.length; i++) {
            double value = values.getDouble(i);
            values.putScalar(i, value + 1e-5);
            double above = parts.objective().measure(images, batch).total();
            values.putScalar(i, value - 1e-5);
            double below = parts.objective().measure(images, batch).total();
            values.putScalar(i, value);
            slopes[i] = (above - below) / 2e-5;
        }
        parts.graph().close();
        return slopes;
    }

    private Batch batch(int imageWidth, int width) {
        return new Batch(
                LABELS.length,
                RandomBatches.normal(random, LABELS.length * imageWidth),
                LABELS,
                new double[0],
                RandomBatches.doubles(RandomBatches.normal(random, LABELS.length * width)),
                RandomBatches.doubles(RandomBatches.normal(random, LABELS.length * width)),
                SEEDS);
    }

    private LabelEmbedding prototypes(int width) {
        float[] images = new float[3 * width];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        return new PrototypeEmbedding(3, width, true, images);
    }

    private void check(ImagePart image, LabelEmbedding labels, HeadSettings head) {
        Parts parts = parts(image, labels, head, STEP);
        INDArray images = GradientCheck.random(random, LABELS.length, image.components());
        Batch batch = batch(0, labels.width());
        parts.head().weights().initialise(Initialisation.FAN_IN, random);
        DoubleSupplier loss = () -> parts.objective().measure(images, batch).total();
        assertThat(loss.getAsDouble()).isFinite();
        GradientCheck.checkSome(parts.beside().get(0), loss);
        assertThat(loss.getAsDouble()).isFinite();
        GradientCheck.checkSome(parts.graph(), loss);
        parts.graph().close();
    }
}
