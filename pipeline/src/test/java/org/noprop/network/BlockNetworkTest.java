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
import org.noprop.label.NearestEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

class BlockNetworkTest {
    private static final int IMAGE_WIDTH = 12;
    private static final int CLASSES = 5;

    private final Networks networks = new Dl4jNetworks();

    @Test
    void aBlockOver2048ComponentsHasTheParametersOfThePaper() {
        try (BlockNetwork block = networks.block(
                ImagePart.embedding(2048), new OneHotEmbedding(10), OptimiserSettings.adamW(1e-3, 1e-3), 1)) {
            assertThat(block.parameters()).isEqualTo(827_274);
            assertThat(block.shape()).isEqualTo(new NetworkShape(2048, 10, 10));
        }
    }

    @Test
    void trainingLowersTheErrorAndClassifies() {
        try (BlockNetwork block = block(3)) {
            double first = train(block, 0, 1);
            train(block, 1, 150);
            double last = train(block, 151, 1);
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
        try (BlockNetwork block =
                networks.block(ImagePart.embedding(IMAGE_WIDTH), labels, OptimiserSettings.adamW(1e-3, 1e-3), 1)) {
            float[] z = new float[rows * classes];
            int[] y = {0, 17, 9_998, 9_999};
            for (int row = 0; row < rows; row++) {
                z[row * classes + y[row]] = 1;
            }
            BlockBatch batch = new BlockBatch(rows, new float[rows * IMAGE_WIDTH], z, y);
            double first = block.trainStep(batch, 1);
            for (int step = 0; step < 20; step++) {
                block.trainStep(batch, 1);
            }
            assertThat(block.trainStep(batch, 1)).isLessThan(first);
            float[] probabilities = new float[classes];
            new NearestEmbedding(labels).probabilities(1, z, probabilities);
            assertThat(probabilities[0]).isGreaterThan(probabilities[1]);
            assertThat(block.memory().total()).isLessThan(100L << 20);
        }
    }

    @Test
    void theErrorIsTheSumOverComponentsMeanOverRows() {
        try (BlockNetwork block = block(3)) {
            BlockBatch batch = batch(0, 32);
            double error = block.trainStep(batch, 1e-9);
            assertThat(error).isBetween(.5, 1.2); // a uniform û of 5 classes would have 0.8
        }
    }

    @Test
    void theSameSeedGivesTheSameWeightsAndAnotherSeedOthers() {
        try (BlockNetwork one = block(3);
                BlockNetwork same = block(3);
                BlockNetwork other = block(4)) {
            assertThat(one.weights()).isEqualTo(same.weights());
            assertThat(one.weights().get("image.dense.weight"))
                    .isNotEqualTo(other.weights().get("image.dense.weight"));
        }
    }

    @Test
    void initialWeightsAreUniformWithinOneBySquareRootOfTheInputs() {
        try (BlockNetwork block = block(3)) {
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
        try (BlockNetwork block = block(3)) {
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
        try (BlockNetwork trained = block(3);
                BlockNetwork loaded = block(4)) {
            train(trained, 0, 5);
            loaded.loadWeights(trained.weights());
            assertThat(denoise(loaded, 100)).isEqualTo(denoise(trained, 100));
            assertThat(loaded.weights()).isEqualTo(trained.weights());
        }
    }

    @Test
    void trainingGoesOnBitByBitAfterALoad() {
        try (BlockNetwork whole = block(3);
                BlockNetwork resumed = block(4)) {
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
                try (BlockNetwork block = block(weightSeed)) {
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
        try (BlockNetwork block = block(3)) {
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
        try (BlockNetwork block = block(3)) {
            train(block, 0, 3);
            float[] many = denoise(block, BlockInference.CHUNK + 44);
            float[] few = denoise(block, 60);
            for (int i = 0; i < few.length; i++) {
                assertThat(few[i]).isCloseTo(many[i], within(1e-5f));
            }
        }
    }

    @Test
    void theOutputIsTheSoftmaxForOneHotLabels() {
        try (BlockNetwork block = block(3)) {
            BlockBatch batch = batch(9, 40);
            float[] features = new float[40 * block.featureWidth()];
            float[] output = new float[40 * CLASSES];
            float[] probabilities = new float[40 * CLASSES];
            block.encodeImages(40, batch.images(), features);
            block.denoise(40, features, batch.noisedLabels(), output, probabilities);
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
        try (BlockNetwork block = block(3)) {
            block.trainStep(batch(0, 64), 1);
            MemoryFigures before = block.memory();
            block.trainStep(batch(1, 2), 1);
            block.trainStep(batch(2, 64), 1);
            assertThat(block.memory()).isEqualTo(before);
            assertThat(before.weights()).isEqualTo(4 * (block.parameters() + 2 * (5 * 256 + 128)));
            assertThat(before.gradients()).isEqualTo(4 * block.parameters());
            assertThat(before.optimiserState()).isEqualTo(8 * block.parameters());
        }
    }

    @Test
    void aBatchOfOneRowIsRefused() {
        try (BlockNetwork block = block(3)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> block.trainStep(batch(0, 1), 1))
                    .withMessage("Batch norm needs at least 2 rows to train on, got 1");
        }
    }

    @Test
    void tensorsThatDoNotFitAreNamed() {
        try (BlockNetwork block = block(3)) {
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

    private static void assertRefused(BlockNetwork block, SortedMap<String, Tensor> weights, String message) {
        SortedMap<String, Tensor> before = block.weights();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> block.loadWeights(weights))
                .withMessage(message);
        assertThat(block.weights()).isEqualTo(before);
    }

    private BlockNetwork block(long seed) {
        return networks.block(
                ImagePart.embedding(IMAGE_WIDTH),
                new OneHotEmbedding(CLASSES),
                OptimiserSettings.adamW(1e-3, 1e-3),
                seed);
    }

    private static BlockBatch batch(long seed, int rows) {
        return Batch.block(seed, rows, IMAGE_WIDTH, CLASSES);
    }

    private static double train(BlockNetwork block, int firstSeed, int steps) {
        double error = 0;
        for (int step = 0; step < steps; step++) {
            error = block.trainStep(batch(firstSeed + step, 64), .3);
        }
        return error;
    }

    private static float[] denoise(BlockNetwork block, int rows) {
        BlockBatch batch = batch(1_000, 400);
        float[] features = new float[rows * block.featureWidth()];
        float[] output = new float[rows * CLASSES];
        float[] noisedLabels = Arrays.copyOf(batch.noisedLabels(), rows * CLASSES);
        block.encodeImages(rows, batch.images(), features);
        block.denoise(rows, features, noisedLabels, output, null);
        return output;
    }

    private static double accuracy(BlockNetwork block) {
        BlockBatch batch = batch(1_000, 400);
        float[] output = denoise(block, 400);
        int right = 0;
        for (int row = 0; row < 400; row++) {
            int best = 0;
            for (int k = 1; k < CLASSES; k++) {
                best = output[row * CLASSES + k] > output[row * CLASSES + best] ? k : best;
            }
            right += best == batch.labels()[row] ? 1 : 0;
        }
        return right / 400.0;
    }
}
