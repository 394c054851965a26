package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

class BaselineTest {
    private static final int IMAGE_WIDTH = 12;
    private static final int CLASSES = 5;

    @Test
    void aBaselineIsItsBlocksTheirMixesAndAHead() {
        try (Block block = RandomBatches.block(
                        new Method.Discrete(NoiseSchedule.cosine(3), .1, 30),
                        1,
                        ImagePart.embedding(IMAGE_WIDTH),
                        labels(),
                        OptimiserSettings.adamW(1e-3, 1e-3),
                        1);
                Baseline baseline = baseline(3, 1)) {
            long head = CLASSES * CLASSES + CLASSES;
            assertThat(baseline.parameters()).isEqualTo(3 * (block.parameters() + 1) + head);
            assertThat(baseline.weights())
                    .containsKeys("block01.image.dense.weight", "block03.mix.weight", "head.weight", "head.bias");
        }
    }

    @Test
    void tensorsHaveTheSameNamesWhereDigitsAreArabic() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            try (Baseline baseline = baseline(2, 1)) {
                assertThat(baseline.weights()).containsKeys("block01.image.dense.weight", "block02.mix.weight");
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void trainingLowersTheCrossEntropyAndClassifies() {
        try (Baseline baseline = baseline(2, 3)) {
            double first = train(baseline, 0, 1);
            double last = train(baseline, 1, 200);
            assertThat(last).isLessThan(first - .4); // the head's few weights, 1 / √5 at first, move slowly
            assertThat(accuracy(baseline)).isGreaterThan(.6); // part of the noise z_0 reaches the head
        }
    }

    /** Both halves of the batch are the same rows, so that batch norm sees the same mean and variance in each. */
    @Test
    void gradientsOfMicroBatchesAreSummedUpToThoseOfTheBatch() {
        for (int blocks : new int[] {0, 2}) {
            try (Baseline whole = baseline(blocks, 3);
                    Baseline parts = baseline(blocks, 3)) {
                for (int step = 0; step < 2; step++) {
                    Batch twice = twice(batch(step));
                    double entropy = whole.trainStep(twice, 1);
                    assertThat(parts.trainStep(twice, 2)).isCloseTo(entropy, within(1e-6));
                    // A tenth of each gradient, of which Adam's step itself has hardly more than the sign.
                    assertThat(largestDifference(
                                    all(parts.optimiserState(), ".first-moment"),
                                    all(whole.optimiserState(), ".first-moment")))
                            .isLessThan(1e-6);
                    assertThat(all(parts.weights(), ".running-variance"))
                            .isNotEqualTo(all(whole.weights(), ".running-variance"));
                    parts.loadWeights(whole.weights());
                    parts.loadOptimiserState(whole.optimiserState());
                }
                assertThat(parts.optimiserState().get("steps"))
                        .isEqualTo(whole.optimiserState().get("steps"));
                assertThat(parts.memory().gradients())
                        .isEqualTo(2 * whole.memory().gradients());
                assertThat(parts.memory().activations())
                        .isLessThan(whole.memory().activations());
            }
        }
    }

    private static double largestDifference(float[] one, float[] other) {
        assertThat(one).hasSameSizeAs(other).isNotEmpty();
        return IntStream.range(0, one.length)
                .mapToDouble(i -> Math.abs(one[i] - other[i]))
                .max()
                .orElseThrow();
    }

    /** The values of all tensors of which the name ends so. */
    private static float[] all(SortedMap<String, Tensor> tensors, String suffix) {
        float[] all = new float[0];
        for (var entry : tensors.entrySet()) {
            if (entry.getKey().endsWith(suffix)) {
                float[] values = entry.getValue().values();
                all = Arrays.copyOf(all, all.length + values.length);
                System.arraycopy(values, 0, all, all.length - values.length, values.length);
            }
        }
        return all;
    }

    private static Batch batch(int step) {
        return RandomBatches.of(step, 16, IMAGE_WIDTH, CLASSES, CLASSES);
    }

    private static Batch twice(Batch batch) {
        int rows = batch.rows();
        return new Batch(
                2 * rows,
                RandomBatches.floats(twice(RandomBatches.doubles(batch.images()))),
                IntStream.range(0, 2 * rows)
                        .map(row -> batch.labels()[row % rows])
                        .toArray(),
                twice(batch.times()),
                twice(batch.noise()),
                twice(batch.endNoise()),
                batch.dropoutSeeds());
    }

    private static double[] twice(double[] values) {
        double[] both = Arrays.copyOf(values, 2 * values.length);
        System.arraycopy(values, 0, both, values.length, values.length);
        return both;
    }

    @Test
    void neverSoManyMicroBatchesThatOneHasASingleRow() {
        try (Baseline four = baseline(1, 3);
                Baseline many = baseline(1, 3)) {
            Batch batch = batch(0);
            assertThat(many.trainStep(batch, 1000)).isEqualTo(four.trainStep(batch, batch.rows() / 2));
        }
    }

    @Test
    void trainableLabelEmbeddingsAreTrainedWithIt() {
        LearnedEmbedding start = LearnedEmbedding.initial(CLASSES, 7, 1);
        try (Baseline baseline = baseline(start);
                Baseline resumed = baseline(start)) {
            double first = train(baseline, 0, 1);
            double last = train(baseline, 1, 100);
            assertThat(last).isLessThan(first - .3);
            assertThat(baseline.weights().get("label-embedding").values()).isNotEqualTo(start.matrix());
            resumed.loadWeights(baseline.weights());
            resumed.loadOptimiserState(baseline.optimiserState());
            train(baseline, 200, 1);
            train(resumed, 200, 1);
            assertThat(resumed.weights()).isEqualTo(baseline.weights());
        }
    }

    @Test
    void prototypesGoThroughASecondImagePart() {
        float[] images = RandomBatches.normal(new SplittableRandom(1), CLASSES * IMAGE_WIDTH);
        try (Baseline baseline = baseline(new PrototypeEmbedding(CLASSES, IMAGE_WIDTH, true, images))) {
            assertThat(baseline.weights()).containsKeys("block02.label.image.dense.weight", "label-embedding");
            double first = train(baseline, 0, 1);
            assertThat(train(baseline, 1, 100)).isLessThan(first - .3);
        }
    }

    /** The head starts as the posterior of z_T under equal normal noise around each label embedding. */
    @Test
    void theHeadStartsByReadingTheNearestLabelEmbedding() {
        LearnedEmbedding labels = new LearnedEmbedding(2, 1, 1, 3);
        try (Baseline baseline =
                Baseline.create(1, ImagePart.embedding(IMAGE_WIDTH), labels, OptimiserSettings.adamW(1e-3, 0), 1)) {
            float[] weights = baseline.weights().get("head.weight").values();
            float[] biases = baseline.weights().get("head.bias").values();
            assertThat(weights[0] * 2 + biases[0]).isCloseTo(weights[1] * 2 + biases[1], within(1e-6f));
            assertThat(weights[1] * 2.1f + biases[1]).isGreaterThan(weights[0] * 2.1f + biases[0]);
        }
    }

    @Test
    void probabilitiesOfEachRowSumToOne() {
        try (Baseline baseline = baseline(2, 3)) {
            float[] probabilities = classify(baseline, 300);
            for (int row = 0; row < 300; row++) {
                double sum = 0;
                for (int k = 0; k < CLASSES; k++) {
                    sum += probabilities[row * CLASSES + k];
                }
                assertThat(sum).isCloseTo(1, within(1e-6));
            }
        }
    }

    @Test
    void trainingGoesOnBitByBitAfterALoad() {
        try (Baseline whole = baseline(2, 3);
                Baseline resumed = baseline(2, 4)) {
            train(whole, 0, 4);
            resumed.loadWeights(whole.weights());
            resumed.loadOptimiserState(whole.optimiserState());
            assertThat(classify(resumed, 20)).isEqualTo(classify(whole, 20));
            train(whole, 4, 4);
            train(resumed, 4, 4);
            assertThat(resumed.weights()).isEqualTo(whole.weights());
            assertThat(resumed.optimiserState()).isEqualTo(whole.optimiserState());
        }
    }

    @Test
    void fewerThanNoBlocksAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> baseline(-1, 1))
                .withMessage("A baseline needs at least 0 blocks, got -1");
    }

    @Test
    void withoutBlocksItIsAPlainNetworkThatLearnsAndThatNoNoiseEnters() {
        try (Baseline plain = baseline(0, 1);
                Baseline loaded = baseline(0, 2)) {
            double before = train(plain, 0, 1);
            assertThat(train(plain, 1, 150)).isLessThan(before - .3);
            assertThat(accuracy(plain)).isGreaterThan(.5);

            Batch batch = RandomBatches.of(1_000, 50, IMAGE_WIDTH, CLASSES, CLASSES);
            float[] probabilities = new float[50 * CLASSES];
            plain.classify(50, batch.images(), new float[50 * CLASSES], probabilities);
            assertThat(probabilities).isEqualTo(classify(plain, 50));
            loaded.loadWeights(plain.weights());
            assertThat(classify(loaded, 50)).isEqualTo(probabilities);
            assertThat(plain.weights()).containsKey("plain.output.weight").doesNotContainKey("head.weight");
        }
    }

    private Baseline baseline(int blocks, long seed) {
        return Baseline.create(
                blocks, ImagePart.embedding(IMAGE_WIDTH), labels(), OptimiserSettings.adamW(5e-3, 1e-3), seed);
    }

    private Baseline baseline(LabelEmbedding labels) {
        return Baseline.create(2, ImagePart.embedding(IMAGE_WIDTH), labels, OptimiserSettings.adamW(5e-3, 1e-3), 3);
    }

    private static OneHotEmbedding labels() {
        return new OneHotEmbedding(CLASSES);
    }

    private static double train(Baseline baseline, int firstSeed, int steps) {
        double entropy = 0;
        for (int step = 0; step < steps; step++) {
            entropy = baseline.trainStep(batch(baseline, firstSeed + step), 1);
        }
        return entropy;
    }

    private static Batch batch(Baseline baseline, int seed) {
        return RandomBatches.of(seed, 64, IMAGE_WIDTH, CLASSES, baseline.shape().labelWidth());
    }

    private static float[] classify(Baseline baseline, int rows) {
        Batch batch = RandomBatches.of(1_000, rows, IMAGE_WIDTH, CLASSES, CLASSES);
        float[] probabilities = new float[rows * CLASSES];
        baseline.classify(rows, batch.images(), RandomBatches.floats(batch.noise()), probabilities);
        return probabilities;
    }

    private static double accuracy(Baseline baseline) {
        Batch batch = RandomBatches.of(1_000, 400, IMAGE_WIDTH, CLASSES, CLASSES);
        return RandomBatches.accuracy(classify(baseline, 400), batch, CLASSES);
    }
}
