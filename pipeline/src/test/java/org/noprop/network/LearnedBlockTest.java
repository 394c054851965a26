package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SortedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.CosineSchedule;
import org.noprop.diffusion.Objective;
import org.noprop.label.ClosestLabels;
import org.noprop.label.HeadSettings;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

class LearnedBlockTest {
    private static final int IMAGE_WIDTH = 12;
    private static final int CLASSES = 5;
    private static final int WIDTH = 8;
    private static final LearnedEmbedding START = LearnedEmbedding.initial(CLASSES, WIDTH, 7);
    private static final DiscreteStep STEP = DiscreteStep.of(CosineSchedule.of(10), 5, .1, 30);
    private static final OptimiserSettings ADAMW = OptimiserSettings.adamW(1e-3, 1e-3);

    private final Networks networks = new Dl4jNetworks();

    @Test
    void trainingLowersTheErrorAndTheHeadsTerm() {
        try (LearnedBlock block = block(ADAMW, 3)) {
            LossTerms first = block.trainStep(batch(0, 64));
            for (int step = 1; step < 150; step++) {
                block.trainStep(batch(step, 64));
            }
            LossTerms last = block.trainStep(batch(150, 64));
            assertThat(last.error()).isLessThan(first.error() / 3);
            assertThat(last.head()).isLessThan(first.head());
            assertThat(first.head()).isCloseTo(Math.log(CLASSES), within(1e-6));
            assertThat(block.labels()).isNotEqualTo(START);
            assertThat(ClosestLabels.of(block.labels()).distance()).isGreaterThan(1);
        }
    }

    @Test
    void theTermsAreThoseOfTheObjective() {
        try (LearnedBlock block = block(ADAMW, 3)) {
            LossTerms terms = block.trainStep(batch(0, 64));
            assertThat(terms.kl()).isCloseTo(Objective.klToPrior(STEP.firstAlphaBar(), START.vector(0)), within(1e-9));
            assertThat(terms.denoising()).isCloseTo(STEP.weight() * terms.error(), within(1e-9));
            assertThat(terms.total()).isEqualTo(terms.head() + terms.kl() + terms.denoising());
        }
    }

    @Test
    void labelEmbeddingsAndHeadAreTensorsOfTheirOwnNames() {
        try (LearnedBlock block = block(ADAMW, 3)) {
            assertThat(block.sharedNames()).containsExactly("head.bias", "head.weight", "label-embedding");
            assertThat(block.weights().get("label-embedding")).isEqualTo(Tensor.matrix(CLASSES, WIDTH, START.matrix()));
            assertThat(block.weights().get("head.weight").shape()).containsExactly(WIDTH, CLASSES);
            assertThat(block.optimiserState()).containsKeys("label-embedding.first-moment", "steps");
            assertThat(block.shared())
                    .containsOnlyKeys(
                            "head.bias",
                            "head.bias.first-moment",
                            "head.bias.second-moment",
                            "head.weight",
                            "head.weight.first-moment",
                            "head.weight.second-moment",
                            "label-embedding",
                            "label-embedding.first-moment",
                            "label-embedding.second-moment");
        }
    }

    @Test
    void whatIsSharedIsTakenOverAndNothingElse() {
        try (LearnedBlock one = block(ADAMW, 3);
                LearnedBlock other = block(ADAMW, 4)) {
            one.trainStep(batch(0, 64));
            SortedMap<String, Tensor> before = other.weights();
            other.loadShared(one.shared());
            assertThat(other.shared()).isEqualTo(one.shared());
            assertThat(other.labels()).isEqualTo(one.labels());
            assertThat(other.weights().get("output.weight")).isEqualTo(before.get("output.weight"));
            SortedMap<String, Tensor> unknown = one.shared();
            unknown.put("output.weight", before.get("output.weight"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> other.loadShared(unknown))
                    .withMessage("Tensor output.weight is not one of the network's");
        }
    }

    @Test
    void trainingGoesOnBitByBitAfterALoad() {
        try (LearnedBlock whole = block(ADAMW, 3);
                LearnedBlock resumed = block(ADAMW, 4)) {
            whole.trainStep(batch(0, 64));
            resumed.loadWeights(whole.weights());
            resumed.loadOptimiserState(whole.optimiserState());
            whole.trainStep(batch(1, 64));
            resumed.trainStep(batch(1, 64));
            assertThat(resumed.weights()).isEqualTo(whole.weights());
            assertThat(resumed.optimiserState()).isEqualTo(whole.optimiserState());
        }
    }

    @Test
    void denoisingGivesConvexCombinationsOfTheTrainedLabelEmbeddings() {
        try (LearnedBlock block = block(ADAMW, 3)) {
            block.trainStep(batch(0, 64));
            NoiseBatch batch = batch(1, 40);
            float[] features = new float[40 * block.featureWidth()];
            float[] output = new float[40 * WIDTH];
            float[] probabilities = new float[40 * CLASSES];
            block.encodeImages(40, batch.images(), features);
            block.denoise(40, features, batch.inputNoise(), output, probabilities);
            float[] matrix = block.labels().matrix();
            for (int i = 0; i < output.length; i++) {
                double expected = 0;
                for (int k = 0; k < CLASSES; k++) {
                    expected += probabilities[i / WIDTH * CLASSES + k] * matrix[k * WIDTH + i % WIDTH];
                }
                assertThat((double) output[i]).isCloseTo(expected, within(1e-5));
            }
        }
    }

    @Test
    void aHeadThatHasLearnedReadsTheLabelEmbeddings() {
        try (LearnedBlock block = block(OptimiserSettings.adamW(1e-2, 0), 3)) {
            for (int step = 0; step < 200; step++) {
                block.trainStep(batch(step, 64));
            }
            float[] probabilities = new float[CLASSES * CLASSES];
            block.reader().probabilities(CLASSES, block.labels().matrix(), probabilities);
            for (int label = 0; label < CLASSES; label++) {
                assertThat(probabilities[label * CLASSES + label]).isGreaterThan(.5f);
            }
        }
    }

    @Test
    void fixedLabelEmbeddingsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> networks.learnedBlock(
                        ImagePart.embedding(IMAGE_WIDTH),
                        new OneHotEmbedding(CLASSES),
                        new HeadSettings.Linear(),
                        STEP,
                        ADAMW,
                        1))
                .withMessage("OneHotEmbedding[classes=5] is not trainable");
    }

    @Test
    void prototypesOfAnotherWidthThanImagesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> networks.learnedBlock(
                        ImagePart.embedding(IMAGE_WIDTH),
                        new PrototypeEmbedding(2, 3, true, new float[6]),
                        new HeadSettings.Linear(),
                        STEP,
                        ADAMW,
                        1))
                .withMessage("Prototypes have 3 components where images have 12");
    }

    private LearnedBlock block(OptimiserSettings optimiser, long seed) {
        return networks.learnedBlock(
                ImagePart.embedding(IMAGE_WIDTH), START, new HeadSettings.Linear(), STEP, optimiser, seed);
    }

    private static NoiseBatch batch(long seed, int rows) {
        BlockBatch plain = Batch.block(seed, rows, IMAGE_WIDTH, CLASSES);
        SplittableRandom random = new SplittableRandom(seed + 1_000);
        return new NoiseBatch(
                rows,
                plain.images(),
                Batch.normal(random, rows * WIDTH),
                Batch.normal(random, rows * WIDTH),
                plain.labels(),
                new long[0]);
    }
}
