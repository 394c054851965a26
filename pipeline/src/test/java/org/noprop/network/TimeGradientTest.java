package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.nn.Initialisation;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.NativeBackend;

/**
 * The whole objectives of NoProp-CT and NoProp-FM, by θ and by everything beside it (label embeddings, head,
 * noise schedule), against finite differences in double precision.
 */
class TimeGradientTest {
    private static final int[] LABELS = {0, 2, 1, 2, 0};
    private static final double[] TIMES = {0, .2, .55, .8, 1};
    private static final long[] SEEDS = {1, 2, 3, 4, 5};
    private static final TimeIntervals INTERVALS = TimeIntervals.equalTime(2, .15);
    private static final double NO_CAP = Double.POSITIVE_INFINITY;
    private static final HeadSettings LINEAR = new HeadSettings.Linear();
    private static final HeadSettings POSTERIOR = new HeadSettings.Posterior(.6);
    private static final ContinuousSettings FIXED =
            new ContinuousSettings(new ContinuousSchedule.Linear(-2, 2), false, .8, NO_CAP);
    private static final ContinuousSettings TRAINED =
            new ContinuousSettings(MonotoneGamma.initial(-1.5, 2), true, .8, NO_CAP);
    private static final ImagePart EMBEDDING = ImagePart.embedding(3);

    static {
        NativeBackend.load();
    }

    private final SplittableRandom random = new SplittableRandom(11);

    @Test
    void aContinuousBlockOverOneHotLabelsHasTheSlopesOfItsObjective() {
        checkContinuous(EMBEDDING, new OneHotEmbedding(3), LINEAR, FIXED);
    }

    @Test
    void aContinuousBlockWithATrainedScheduleHasTheSlopesOfItsObjective() {
        checkContinuous(EMBEDDING, new OneHotEmbedding(3), LINEAR, TRAINED);
    }

    @Test
    void aContinuousBlockThatTrainsEverythingHasTheSlopesOfItsObjective() {
        checkContinuous(EMBEDDING, LearnedEmbedding.initial(3, 4, 1), POSTERIOR, TRAINED);
    }

    @Test
    void aContinuousBlockWithACappedWeightHasTheSlopesOfItsObjective() {
        ContinuousSettings capped = new ContinuousSettings(MonotoneGamma.initial(-1.5, 2), true, .8, 3);
        checkContinuous(EMBEDDING, LearnedEmbedding.initial(3, 4, 1), LINEAR, capped);
    }

    @Test
    void narrowBlocksInContinuousTimeHaveTheSlopesOfTheirObjectives() {
        ImagePart narrow = new ImagePart.Embedding(3, 6);
        checkContinuous(narrow, new OneHotEmbedding(3), LINEAR, FIXED);
        checkFlow(narrow, new OneHotEmbedding(3), LINEAR, 0);
    }

    @Test
    void aConvolutionalContinuousBlockOverPrototypesHasTheSlopesOfItsObjective() {
        ImagePart part = new ImagePart.Convolutions(new ImageShape(10, 10, 1), List.of(2, 2), .2);
        checkContinuous(part, prototypes(100), LINEAR, FIXED);
    }

    @Test
    void aFlowBlockOverOneHotLabelsHasTheSlopesOfItsObjective() {
        checkFlow(EMBEDDING, new OneHotEmbedding(3), LINEAR, 0);
    }

    @Test
    void aFlowBlockWithLearnedLabelEmbeddingsHasTheSlopesOfItsObjective() {
        checkFlow(EMBEDDING, LearnedEmbedding.initial(3, 4, 1), LINEAR, .3);
    }

    @Test
    void aFlowBlockWithAPosteriorHeadHasTheSlopesOfItsObjective() {
        checkFlow(EMBEDDING, LearnedEmbedding.initial(3, 2, 1), POSTERIOR, 0);
    }

    @Test
    void aFlowBlockOverPrototypesHasTheSlopesOfItsObjective() {
        checkFlow(ImagePart.embedding(5), prototypes(5), LINEAR, 0);
    }

    private void checkContinuous(
            ImagePart image, LabelEmbedding labels, HeadSettings head, ContinuousSettings settings) {
        check(new Method.Continuous(settings, INTERVALS), image, labels, head);
    }

    private void checkFlow(ImagePart image, LabelEmbedding labels, HeadSettings head, double sigma) {
        check(new Method.FlowMatching(sigma, INTERVALS), image, labels, head);
    }

    private void check(Method method, ImagePart image, LabelEmbedding labels, HeadSettings head) {
        Block.Parts parts = Block.parts(DataType.DOUBLE, method, 2, image, labels, head, 1);
        if (parts.head() != null) {
            parts.head().weights().initialise(Initialisation.FAN_IN, random);
        }
        INDArray images = GradientCheck.random(random, LABELS.length, image.components());
        Batch batch = new Batch(
                LABELS.length,
                new float[0],
                LABELS,
                TIMES,
                RandomBatches.doubles(RandomBatches.normal(random, LABELS.length * labels.width())),
                RandomBatches.doubles(RandomBatches.normal(random, LABELS.length * labels.width())),
                SEEDS);
        DoubleSupplier loss = () -> parts.objective().measure(images, batch).total();
        assertThat(loss.getAsDouble()).isFinite();
        for (WeightVector beside : parts.beside()) {
            GradientCheck.checkSome(beside, loss);
            assertThat(loss.getAsDouble()).isFinite();
        }
        GradientCheck.checkSome(parts.graph(), loss);
        parts.graph().close();
    }

    private PrototypeEmbedding prototypes(int width) {
        return new PrototypeEmbedding(3, width, true, RandomBatches.normal(random, 3 * width));
    }
}
