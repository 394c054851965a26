package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.Objective;
import org.noprop.label.ClosestLabels;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

class LearnedBlockTest {
    private static final int IMAGE_WIDTH = 12;
    private static final int CLASSES = 5;
    private static final int WIDTH = 8;
    private static final LearnedEmbedding START = LearnedEmbedding.initial(CLASSES, WIDTH, 7);
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.cosine(10);
    private static final Method METHOD = new Method.Discrete(SCHEDULE, .1, 30);
    private static final int STEP = 5;
    private static final OptimiserSettings ADAMW = OptimiserSettings.adamW(1e-3, 1e-3);

    @Test
    void trainingLowersTheErrorAndTheHeadsTerm() {
        try (Block block = block(ADAMW, 3)) {
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
        try (Block block = block(ADAMW, 3)) {
            LossTerms terms = block.trainStep(batch(0, 64));
            assertThat(terms.kl()).isCloseTo(Objective.klToPrior(SCHEDULE.alphaBar(0), START.vector(0)), within(1e-9));
            assertThat(terms.denoising())
                    .isCloseTo(Objective.blockWeight(SCHEDULE, STEP, .1, 30) * terms.error(), within(1e-9));
            assertThat(terms.total()).isEqualTo(terms.head() + terms.kl() + terms.denoising());
        }
    }

    @Test
    void labelEmbeddingsAndHeadAreTensorsOfTheirOwnNames() {
        try (Block block = block(ADAMW, 3)) {
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
        try (Block one = block(ADAMW, 3);
                Block other = block(ADAMW, 4)) {
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
        try (Block whole = block(ADAMW, 3);
                Block resumed = block(ADAMW, 4)) {
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
        try (Block block = block(ADAMW, 3)) {
            block.trainStep(batch(0, 64));
            Batch batch = batch(1, 40);
            float[] features = new float[40 * block.featureWidth()];
            float[] output = new float[40 * WIDTH];
            float[] probabilities = new float[40 * CLASSES];
            block.encodeImages(40, batch.images(), features);
            block.estimate(40, features, RandomBatches.floats(batch.noise()), 0, output, probabilities);
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
        try (Block block = block(OptimiserSettings.adamW(1e-2, 0), 3)) {
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
    void prototypesOfAnotherWidthThanImagesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RandomBatches.block(
                        METHOD,
                        STEP,
                        ImagePart.embedding(IMAGE_WIDTH),
                        new PrototypeEmbedding(2, 3, true, new float[6]),
                        ADAMW,
                        1))
                .withMessage("Prototypes have 3 components where images have 12");
    }

    private static Block block(OptimiserSettings optimiser, long seed) {
        return RandomBatches.block(METHOD, STEP, ImagePart.embedding(IMAGE_WIDTH), START, optimiser, seed);
    }

    private static Batch batch(long seed, int rows) {
        return RandomBatches.of(seed, rows, IMAGE_WIDTH, CLASSES, WIDTH);
    }
}
