package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.OneHotEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

class ConvolutionalBlockTest {
    private static final int CLASSES = 4;
    private static final int ROWS = 32;
    private static final ImagePart SMALL = new ImagePart.Convolutions(new ImageShape(16, 16, 1), List.of(4, 6, 8), .2);
    private static final OptimiserSettings OPTIMISER = OptimiserSettings.adamW(1e-3, 1e-3);

    private static final Method METHOD = new Method.Discrete(NoiseSchedule.cosine(10), .1, 30);

    @Test
    void thePapersBlocksHaveThePapersParameters() {
        assertThat(parameters(new ImageShape(28, 28, 1), 10)).isEqualTo(919_946);
        assertThat(parameters(new ImageShape(32, 32, 3), 10)).isEqualTo(1_215_434);
        assertThat(parameters(new ImageShape(32, 32, 3), 100)).isEqualTo(1_250_084);
    }

    @Test
    void aBaselineHasTheSameBlocks() {
        ImagePart part = paper(new ImageShape(28, 28, 1));
        try (Baseline baseline = Baseline.create(2, part, new OneHotEmbedding(10), OPTIMISER, 1)) {
            assertThat(baseline.parameters()).isEqualTo(2 * (919_946 + 1) + 110);
            assertThat(baseline.weights()).containsKeys("block01.convolution1.weight", "block02.convolution3.bias");
        }
    }

    @Test
    void weightsStartUniformWithinOneBySquareRootOfThePatch() {
        try (Block block = block(1)) {
            Tensor weight = block.weights().get("convolution2.weight");
            assertThat(weight.shape()).containsExactly(3, 3, 4, 6);
            float bound = 1 / (float) Math.sqrt(9 * 4);
            float largest = 0;
            for (float value : weight.values()) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(largest).isBetween(.9f * bound, bound);
            assertThat(block.weights().get("convolution1.bias").values()).doesNotContain(0);
        }
    }

    @Test
    void trainingOnOneBatchLearnsItByHeart() {
        try (Block block = block(1)) {
            double first = block.trainStep(batch(0)).error();
            double last = first;
            for (int step = 1; step < 60; step++) {
                last = block.trainStep(batch(0, step)).error();
            }
            assertThat(last).isLessThan(first / 3);
        }
    }

    @Test
    void inferenceHasNoDropoutAndTakesRunningFiguresThatSurviveALoad() {
        try (Block trained = block(1);
                Block loaded = block(2)) {
            for (int step = 0; step < 3; step++) {
                trained.trainStep(batch(step));
            }
            loaded.loadWeights(trained.weights());
            assertThat(encode(trained)).isEqualTo(encode(trained));
            assertThat(encode(loaded)).isEqualTo(encode(trained));
            assertThat(trained.weights().get("image.norm.running-variance").values())
                    .doesNotContain(1);
        }
    }

    @Test
    void trainingGoesOnBitByBitAfterALoad() {
        try (Block whole = block(1);
                Block resumed = block(2)) {
            whole.trainStep(batch(0));
            resumed.loadWeights(whole.weights());
            resumed.loadOptimiserState(whole.optimiserState());
            whole.trainStep(batch(1));
            resumed.trainStep(batch(1));
            assertThat(resumed.weights()).isEqualTo(whole.weights());
        }
    }

    @Test
    void theSameSeedsDropTheSameValuesAndOtherSeedsOthers() {
        SortedMap<String, Tensor> first = afterAStepWithSeeds(1);
        assertThat(afterAStepWithSeeds(1)).isEqualTo(first);
        assertThat(afterAStepWithSeeds(2)).isNotEqualTo(first);
    }

    @Test
    void trainingWithoutSeedsForDropoutIsRefused() {
        try (Block block = block(1)) {
            Batch batch = RandomBatches.of(0, ROWS, SMALL.components(), CLASSES, CLASSES);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> block.trainStep(batch))
                    .withMessage("Dropout needs a seed for each of 32 rows, got 0");
        }
    }

    @Test
    void imagesTooSmallForTheConvolutionsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> paper(new ImageShape(13, 28, 1)))
                .withMessage("3 convolutions need images of at least 14 × 14 pixels, got 13 × 28");
        try (Block block = RandomBatches.block(
                METHOD, 2, paper(new ImageShape(14, 14, 1)), new OneHotEmbedding(2), OPTIMISER, 1)) {
            assertThat(block.weights().get("image.dense.weight").shape()).containsExactly(128, 256);
        }
    }

    @Test
    void oneConvolutionIsPooledOnce() {
        ImagePart part = new ImagePart.Convolutions(new ImageShape(8, 8, 2), List.of(5), 0);
        try (Block block = RandomBatches.block(METHOD, 2, part, new OneHotEmbedding(2), OPTIMISER, 1)) {
            assertThat(block.weights().get("image.dense.weight").shape()).containsExactly(3 * 3 * 5, 256);
        }
    }

    private long parameters(ImageShape shape, int classes) {
        try (Block block = RandomBatches.block(METHOD, 2, paper(shape), new OneHotEmbedding(classes), OPTIMISER, 1)) {
            return block.parameters();
        }
    }

    private static ImagePart paper(ImageShape shape) {
        return new ImagePart.Convolutions(shape, List.of(32, 64, 128), .2);
    }

    private SortedMap<String, Tensor> afterAStepWithSeeds(long seed) {
        try (Block block = block(1)) {
            long[] seeds = new long[ROWS];
            Arrays.setAll(seeds, i -> seed + i);
            block.trainStep(RandomBatches.of(0, ROWS, SMALL.components(), CLASSES, CLASSES, seeds));
            return block.weights();
        }
    }

    private Block block(long seed) {
        return RandomBatches.block(METHOD, 2, SMALL, new OneHotEmbedding(CLASSES), OPTIMISER, seed);
    }

    private static Batch batch(long seed) {
        return batch(seed, seed);
    }

    private static Batch batch(long seed, long dropoutSeed) {
        long[] seeds = new long[ROWS];
        Arrays.setAll(seeds, i -> dropoutSeed * ROWS + i);
        return RandomBatches.of(seed, ROWS, SMALL.components(), CLASSES, CLASSES, seeds);
    }

    private static float[] encode(Block block) {
        float[] features = new float[ROWS * block.featureWidth()];
        block.encodeImages(ROWS, batch(100).images(), features);
        return features;
    }
}
