package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.NearestEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

class FixedBlockTest {
    private static final int IMAGE_WIDTH = 12;
    private static final int CLASSES = 5;

    private static final Method METHOD = new Method.Discrete(NoiseSchedule.cosine(10), .1, 30);
    private static final int NUMBER = 2;

    @Test
    void aBlockOver2048ComponentsHasTheParametersOfThePaper() {
        try (Block block = block(ImagePart.embedding(2048), new OneHotEmbedding(10), 1)) {
            assertThat(block.parameters()).isEqualTo(827_274);
            assertThat(block.shape()).isEqualTo(new NetworkShape(2048, 10, 10));
        }
    }

    @Test
    void trainingLowersTheErrorAndClassifies() {
        try (Block block = block(3)) {
            double first = train(block, 0, 1);
            train(block, 1, 250);
            double last = train(block, 251, 1);
            assertThat(last).isLessThan(first / 4);
            assertThat(accuracy(block)).isGreaterThan(.8);
        }
    }

    /** Their identity matrix would take 400 MB a copy. */
    @Test
    void aBlockOfTenThousandOneHotClassesTakesLittleMoreThanItsWeights() {
        int classes = 10_000;
        int rows = 4;
        OneHotEmbedding labels = new OneHotEmbedding(classes);
        try (Block block = block(ImagePart.embedding(IMAGE_WIDTH), labels, 1)) {
            float[] z = new float[rows * classes];
            int[] y = {0, 17, 9_998, 9_999};
            for (int row = 0; row < rows; row++) {
                z[row * classes + y[row]] = 1;
            }
            double[] noise = new double[rows * classes];
            Batch batch =
                    new Batch(rows, new float[rows * IMAGE_WIDTH], y, new double[0], noise, new double[0], new long[0]);
            double first = block.trainStep(batch).error();
            for (int step = 0; step < 20; step++) {
                block.trainStep(batch);
            }
            assertThat(block.trainStep(batch).error()).isLessThan(first);
            float[] probabilities = new float[classes];
            new NearestEmbedding(labels).probabilities(1, z, probabilities);
            assertThat(probabilities[0]).isGreaterThan(probabilities[1]);
            assertThat(block.memory().total()).isLessThan(100L << 20);
        }
    }

    @Test
    void theErrorIsTheSumOverComponentsMeanOverRows() {
        try (Block block = block(3)) {
            double error = block.trainStep(batch(0, 32)).error();
            assertThat(error).isBetween(.5, 1.2); // a uniform û of 5 classes would have 0.8
        }
    }

    @Test
    void theSameSeedGivesTheSameWeightsAndAnotherSeedOthers() {
        try (Block one = block(3);
                Block same = block(3);
                Block other = block(4)) {
            assertThat(one.weights()).isEqualTo(same.weights());
            assertThat(one.weights().get("image.dense.weight"))
                    .isNotEqualTo(other.weights().get("image.dense.weight"));
        }
    }

    @Test
    void initialWeightsAreUniformWithinOneBySquareRootOfTheInputs() {
        try (Block block = block(3)) {
            SortedMap<String, Tensor> weights = block.weights();
            float[] dense = weights.get("residual1.dense.weight").values();
            double bound = 1 / Math.sqrt(256);
            double meanSquare = 0;
            for (float weight : dense) {
                assertThat((double) Math.abs(weight)).isLessThanOrEqualTo(bound);
                meanSquare += weight * weight / dense.length;
            }
            assertThat(meanSquare).isCloseTo(bound * bound / 3, within(bound * bound / 60));
            assertThat(weights.get("image.norm.scale").values()).containsOnly(1);
            assertThat(weights.get("image.norm.shift").values()).containsOnly(0);
            assertThat(weights.get("image.norm.running-mean").values()).containsOnly(0);
            assertThat(weights.get("image.norm.running-variance").values()).containsOnly(1);
        }
    }

    @Test
    void everyTensorIsNamedAndShaped() {
        try (Block block = block(3)) {
            SortedMap<String, Tensor> weights = block.weights();
            assertThat(weights.keySet())
                    .startsWith("fused1.dense.bias", "fused1.dense.weight", "fused1.norm.running-mean")
                    .hasSize(6 * 6 + 2);
            assertThat(weights.get("image.dense.weight").shape()).containsExactly(IMAGE_WIDTH, 256);
            assertThat(weights.get("fused1.dense.weight").shape()).containsExactly(512, 256);
            assertThat(weights.get("output.weight").shape()).containsExactly(128, CLASSES);
            assertThat(weights.get("output.bias").shape()).containsExactly(CLASSES);
        }
    }

    @Test
    void loadedWeightsGiveIdenticalOutputs() {
        try (Block trained = block(3);
                Block loaded = block(4)) {
            train(trained, 0, 5);
            loaded.loadWeights(trained.weights());
            assertThat(denoise(loaded, 100)).isEqualTo(denoise(trained, 100));
            assertThat(loaded.weights()).isEqualTo(trained.weights());
        }
    }

    @Test
    void trainingGoesOnBitByBitAfterALoad() {
        try (Block whole = block(3);
                Block resumed = block(4)) {
            train(whole, 0, 5);
            resumed.loadWeights(whole.weights());
            resumed.loadOptimiserState(whole.optimiserState());
            train(whole, 5, 5);
            train(resumed, 5, 5);
            assertThat(resumed.weights()).isEqualTo(whole.weights());
            assertThat(resumed.optimiserState()).isEqualTo(whole.optimiserState());
        }
    }

    @Test
    void blocksTrainedSideBySideAreThoseTrainedInTurn() throws Exception {
        List<Callable<SortedMap<String, Tensor>>> trainings = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            long weightSeed = seed;
            trainings.add(() -> {
                try (Block block = block(weightSeed)) {
                    train(block, 0, 20);
                    return block.weights();
                }
            });
        }
        List<SortedMap<String, Tensor>> inTurn = new ArrayList<>();
        for (Callable<SortedMap<String, Tensor>> training : trainings) {
            inTurn.add(training.call());
        }
        ExecutorService threads = Executors.newFixedThreadPool(trainings.size());
        try {
            List<Future<SortedMap<String, Tensor>>> sideBySide = threads.invokeAll(trainings);
            for (int i = 0; i < inTurn.size(); i++) {
                assertThat(sideBySide.get(i).get()).isEqualTo(inTurn.get(i));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theOptimiserStateNamesBothMomentsAndTheSteps() {
        try (Block block = block(3)) {
            train(block, 0, 7);
            SortedMap<String, Tensor> state = block.optimiserState();
            assertThat(state.get("steps").values()).containsExactly(7);
            assertThat(state.get("output.weight.first-moment").shape()).containsExactly(128, CLASSES);
            assertThat(state.get("output.weight.second-moment").values()).doesNotContain(0);
            assertThat(state.get("image.dense.bias.first-moment").values()).containsOnly(0);
        }
    }

    @Test
    void outputsDoNotDependOnWhatElseIsInTheCall() {
        try (Block block = block(3)) {
            train(block, 0, 3);
            float[] many = denoise(block, BatchInput.CHUNK + 44);
            float[] few = denoise(block, 60);
            for (int i = 0; i < few.length; i++) {
                assertThat(few[i]).isCloseTo(many[i], within(1e-5f));
            }
        }
    }

    @Test
    void theOutputIsTheSoftmaxForOneHotLabels() {
        try (Block block = block(3)) {
            Batch batch = batch(9, 40);
            float[] features = new float[40 * block.featureWidth()];
            float[] output = new float[40 * CLASSES];
            float[] probabilities = new float[40 * CLASSES];
            block.encodeImages(40, batch.images(), features);
            block.estimate(40, features, RandomBatches.floats(batch.noise()), 0, output, probabilities);
            assertThat(output).isEqualTo(probabilities);
            for (int row = 0; row < 40; row++) {
                double sum = 0;
                for (int k = 0; k < CLASSES; k++) {
                    sum += probabilities[row * CLASSES + k];
                }
                assertThat(sum).isCloseTo(1, within(1e-6));
            }
        }
    }

    @Test
    void aSmallerLastBatchTrainsInTheSameMemory() {
        try (Block block = block(3)) {
            block.trainStep(batch(0, 64));
            MemoryFigures before = block.memory();
            block.trainStep(batch(1, 2));
            block.trainStep(batch(2, 64));
            assertThat(block.memory()).isEqualTo(before);
            assertThat(before.weights()).isEqualTo(4 * (block.parameters() + 2 * (5 * 256 + 128)));
            assertThat(before.gradients()).isEqualTo(4 * block.parameters());
            assertThat(before.optimiserState()).isEqualTo(8 * block.parameters());
        }
    }

    @Test
    void aBatchOfOneRowIsRefused() {
        try (Block block = block(3)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> block.trainStep(batch(0, 1)))
                    .withMessage("Batch norm needs at least 2 rows to train on, got 1");
        }
    }

    @Test
    void tensorsThatDoNotFitAreNamed() {
        try (Block block = block(3)) {
            SortedMap<String, Tensor> missing = block.weights();
            missing.remove("fused2.norm.scale");
            assertRefused(block, missing, "Tensor fused2.norm.scale is missing");
            SortedMap<String, Tensor> unknown = block.weights();
            unknown.put("fused3.norm.scale", Tensor.vector(1));
            assertRefused(block, unknown, "Tensor fused3.norm.scale is not one of the network's");
            SortedMap<String, Tensor> misshapen = block.weights();
            misshapen.put("output.bias", Tensor.vector(1, 2));
            assertRefused(block, misshapen, "Tensor output.bias has shape [2] where the network has [5]");
        }
    }

    private static void assertRefused(Block block, SortedMap<String, Tensor> weights, String message) {
        SortedMap<String, Tensor> before = block.weights();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> block.loadWeights(weights))
                .withMessage(message);
        assertThat(block.weights()).isEqualTo(before);
    }

    private static Block block(long seed) {
        return block(ImagePart.embedding(IMAGE_WIDTH), new OneHotEmbedding(CLASSES), seed);
    }

    private static Block block(ImagePart image, LabelEmbedding labels, long seed) {
        return RandomBatches.block(METHOD, NUMBER, image, labels, OptimiserSettings.adamW(1e-3, 1e-3), seed);
    }

    private static Batch batch(long seed, int rows) {
        return RandomBatches.of(seed, rows, IMAGE_WIDTH, CLASSES, CLASSES);
    }

    private static double train(Block block, int firstSeed, int steps) {
        double error = 0;
        for (int step = 0; step < steps; step++) {
            error = block.trainStep(batch(firstSeed + step, 64)).error();
        }
        return error;
    }

    /** Equation 8 without the terms that depend on no block: (T/2) η (SNR(t) - SNR(t-1)) times the error. */
    @Test
    void theObjectiveIsTheWeightedErrorAlone() {
        OptimiserSettings still = OptimiserSettings.sgd(0, 0);
        Method method = new Method.Discrete(NoiseSchedule.of(.1, .36, .9), 1, 30);
        try (Block block = RandomBatches.block(
                method, 2, ImagePart.embedding(IMAGE_WIDTH), new OneHotEmbedding(CLASSES), still, 3)) {
            LossTerms terms = block.trainStep(batch(1, 40));

            assertThat(terms.denoising()).isCloseTo((.9 / .1 - .36 / .64) * terms.error(), within(1e-9));
            assertThat(terms.head()).isZero();
            assertThat(terms.kl()).isZero();
        }
    }

    /** With ᾱ_{t-1} near 1 the block reads the label off its input, with one near 0 it cannot. */
    @Test
    void theInputIsTheNoisedLabelOfTheStepBefore() {
        assertThat(errorWithoutImages(NoiseSchedule.of(.001, .998, .999), 2)).isLessThan(.05);
        assertThat(errorWithoutImages(NoiseSchedule.of(.001, .998, .999), 1)).isGreaterThan(.5);
    }

    private static double errorWithoutImages(NoiseSchedule schedule, int t) {
        try (Block block = RandomBatches.block(
                new Method.Discrete(schedule, 1, 30),
                t,
                ImagePart.embedding(IMAGE_WIDTH),
                new OneHotEmbedding(CLASSES),
                OptimiserSettings.adamW(1e-3, 1e-3),
                3)) {
            double error = 0;
            for (int step = 0; step < 150; step++) {
                Batch batch = batch(step, 64);
                Arrays.fill(batch.images(), 0);
                error = block.trainStep(batch).error();
            }
            return error;
        }
    }

    private static float[] denoise(Block block, int rows) {
        Batch batch = batch(1_000, 400);
        float[] features = new float[rows * block.featureWidth()];
        float[] output = new float[rows * CLASSES];
        float[] noisedLabels = Arrays.copyOf(RandomBatches.floats(batch.noise()), rows * CLASSES);
        block.encodeImages(rows, batch.images(), features);
        block.estimate(rows, features, noisedLabels, 0, output, null);
        return output;
    }

    private static double accuracy(Block block) {
        Batch batch = batch(1_000, 400);
        return RandomBatches.accuracy(denoise(block, 400), batch, CLASSES);
    }
}
