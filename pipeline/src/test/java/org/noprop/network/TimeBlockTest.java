package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

class TimeBlockTest {
    private static final int IMAGE_WIDTH = 12;
    private static final int CLASSES = 5;
    private static final LabelEmbedding ONE_HOT = new OneHotEmbedding(CLASSES);
    private static final LabelEmbedding LEARNED = LearnedEmbedding.initial(CLASSES, 8, 7);
    private static final OptimiserSettings ADAM = OptimiserSettings.adam(1e-3, 1e-3);
    private static final ContinuousSettings FIXED =
            new ContinuousSettings(new ContinuousSchedule.Linear(-4, 4), false, 1, Double.POSITIVE_INFINITY);
    private static final ContinuousSettings TRAINED =
            new ContinuousSettings(MonotoneGamma.initial(-4, 4), true, 1, Double.POSITIVE_INFINITY);

    private static final TimeIntervals WHOLE = TimeIntervals.equalTime(1, 0);

    @Test
    void trainingLowersTheErrorOfAContinuousBlock() {
        try (Block block = continuous(LEARNED, TRAINED, ADAM)) {
            double first = block.trainStep(batch(0, 64, 8)).error();
            double last = meanError(block, 300);
            assertThat(last).isLessThan(first / 2);
            assertThat(block.schedule().gamma(.5))
                    .isNotEqualTo(TRAINED.schedule().gamma(.5));
        }
    }

    @Test
    void trainingLowersTheErrorOfAFlowBlock() {
        try (Block block = flow(LEARNED, ADAM)) {
            double first = block.trainStep(batch(0, 64, 8)).error();
            double last = meanError(block, 300);
            assertThat(last).isLessThan(first * .6);
        }
    }

    @Test
    void whatIsSharedFollowsFromWhatIsTrained() {
        try (Block nothing = continuous(ONE_HOT, FIXED, ADAM);
                Block schedule = continuous(ONE_HOT, TRAINED, ADAM);
                Block everything = continuous(LEARNED, TRAINED, ADAM);
                Block flow = flow(ONE_HOT, ADAM);
                Block learnedFlow = flow(LEARNED, ADAM)) {
            assertThat(nothing.sharedNames()).isEmpty();
            assertThat(nothing.shared()).isEmpty();
            assertThat(nothing.weights()).containsKeys("head.weight", "fused1.weight");
            assertThat(schedule.sharedNames()).containsExactly("head.bias", "head.weight", "schedule.parameters");
            assertThat(everything.sharedNames())
                    .containsExactly("head.bias", "head.weight", "label-embedding", "schedule.parameters");
            assertThat(flow.sharedNames()).isEmpty();
            assertThat(flow.weights()).doesNotContainKey("head.weight");
            assertThat(learnedFlow.sharedNames()).containsExactly("head.bias", "head.weight", "label-embedding");
        }
    }

    @Test
    void aNetworkThatSharesNothingTakesNothing() {
        try (Block block = flow(ONE_HOT, ADAM)) {
            block.loadShared(new TreeMap<>());
            SortedMap<String, Tensor> tensors = new TreeMap<>(Map.of("head.bias", Tensor.vector(1)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> block.loadShared(tensors))
                    .withMessage("Tensor head.bias is not one of the network's");
        }
    }

    /** Without batch norm a step on two halves, averaged, is the step on the whole: in every weight there is. */
    @Test
    void weightsAveragedOverTwoGroupsAfterAPlainGradientStepAreThoseOfOneProcess() {
        OptimiserSettings sgd = OptimiserSettings.sgd(.01, 1e-3);
        Batch whole = batch(0, 64, 8);
        try (Block one = continuous(LEARNED, TRAINED, sgd);
                Block other = continuous(LEARNED, TRAINED, sgd);
                Block single = continuous(LEARNED, TRAINED, sgd)) {
            SortedMap<String, Tensor> start = single.weights();
            one.trainStep(part(whole, 0, 32));
            other.trainStep(part(whole, 32, 64));
            single.trainStep(whole);
            SortedMap<String, Tensor> first = one.weights();
            SortedMap<String, Tensor> second = other.weights();
            single.weights().forEach((name, tensor) -> {
                assertThat(tensor).as(name).isNotEqualTo(start.get(name));
                for (int i = 0; i < tensor.values().length; i++) {
                    float mean = (first.get(name).values()[i] + second.get(name).values()[i]) / 2;
                    assertThat(mean).as(name).isCloseTo(tensor.values()[i], within(2e-6f));
                }
            });
        }
    }

    @Test
    void trainingGoesOnBitByBitAfterALoad() {
        try (Block whole = continuous(LEARNED, TRAINED, ADAM);
                Block resumed = continuous(LEARNED, TRAINED, ADAM)) {
            whole.trainStep(batch(0, 64, 8));
            resumed.loadWeights(whole.weights());
            resumed.loadOptimiserState(whole.optimiserState());
            whole.trainStep(batch(1, 64, 8));
            resumed.trainStep(batch(1, 64, 8));
            assertThat(resumed.weights()).isEqualTo(whole.weights());
            assertThat(resumed.schedule()).isEqualTo(whole.schedule());
        }
    }

    @Test
    void theEstimateOfAContinuousBlockCombinesLabelEmbeddings() {
        try (Block block = continuous(LEARNED, FIXED, ADAM)) {
            float[] output = new float[300 * 8];
            float[] probabilities = new float[300 * CLASSES];
            estimate(block, 300, .4, output, probabilities);
            float[] matrix = block.labels().matrix();
            for (int i = 0; i < output.length; i++) {
                double expected = 0;
                for (int k = 0; k < CLASSES; k++) {
                    expected += probabilities[i / 8 * CLASSES + k] * matrix[k * 8 + i % 8];
                }
                assertThat((double) output[i]).isCloseTo(expected, within(1e-5));
            }
        }
    }

    @Test
    void theProbabilitiesOfAFlowBlockAreThoseOfWhereItsVelocityLeads() {
        try (Block block = flow(LEARNED, ADAM)) {
            float[] output = new float[300 * 8];
            float[] probabilities = new float[300 * CLASSES];
            Batch batch = estimate(block, 300, .4, output, probabilities);
            float[] end = new float[300 * 8];
            for (int i = 0; i < end.length; i++) {
                end[i] = (float) (batch.noise()[i] + .6 * output[i]);
            }
            float[] read = new float[300 * CLASSES];
            block.reader().probabilities(300, end, read);
            assertThat(probabilities).containsExactly(read, within(1e-6f));
        }
    }

    /** Inference takes x, z and t apart; training joins them: both are one network. */
    @Test
    void whatInferenceComputesInPiecesIsWhatTrainingComputes() {
        OptimiserSettings still = OptimiserSettings.sgd(0, 0);
        for (double t : new double[] {0, .37, 1}) {
            try (Block block = flow(ONE_HOT, still)) {
                Batch batch = at(t, batch(3, 40, CLASSES));
                float[] z = new float[40 * CLASSES];
                double expected = block.trainStep(batch).error();
                for (int i = 0; i < z.length; i++) {
                    boolean own = i % CLASSES == batch.labels()[i / CLASSES];
                    z[i] = (float) ((own ? t : 0) + (1 - t) * batch.noise()[i]);
                }
                float[] features = new float[40 * block.featureWidth()];
                float[] velocity = new float[z.length];
                block.encodeImages(40, batch.images(), features);
                block.estimate(40, features, z, t, velocity, null);
                double error = 0;
                for (int i = 0; i < z.length; i++) {
                    boolean own = i % CLASSES == batch.labels()[i / CLASSES];
                    double difference = velocity[i] - ((own ? 1 : 0) - batch.noise()[i]);
                    error += difference * difference / 40;
                }
                assertThat(error).isCloseTo(expected, within(1e-5));
            }
        }
    }

    @Test
    void theEndsOfTimeAreFinite() {
        ContinuousSettings wide =
                new ContinuousSettings(MonotoneGamma.initial(-7, 7), true, 1, Double.POSITIVE_INFINITY);
        for (double t : new double[] {0, 1}) {
            try (Block block = continuous(LEARNED, wide, ADAM)) {
                LossTerms terms = block.trainStep(at(t, batch(0, 8, 8)));
                assertThat(terms.total()).isFinite();
                block.weights().values().forEach(tensor -> {
                    for (float value : tensor.values()) {
                        assertThat(value).isFinite();
                    }
                });
            }
        }
    }

    @Test
    void aSmallerLastBatchTrainsInTheSameMemory() {
        try (Block block = continuous(LEARNED, TRAINED, ADAM)) {
            block.trainStep(batch(0, 64, 8));
            MemoryFigures before = block.memory();
            block.trainStep(batch(1, 1, 8));
            block.trainStep(batch(2, 64, 8));
            assertThat(block.memory()).isEqualTo(before);
        }
    }

    private static Block continuous(LabelEmbedding labels, ContinuousSettings settings, OptimiserSettings optimiser) {
        Method method = new Method.Continuous(settings, WHOLE);
        return RandomBatches.block(method, 1, ImagePart.embedding(IMAGE_WIDTH), labels, optimiser, 3);
    }

    private static Block flow(LabelEmbedding labels, OptimiserSettings optimiser) {
        Method method = new Method.FlowMatching(0, WHOLE);
        return RandomBatches.block(method, 1, ImagePart.embedding(IMAGE_WIDTH), labels, optimiser, 3);
    }

    private static Batch batch(long seed, int rows, int width) {
        return RandomBatches.of(seed, rows, IMAGE_WIDTH, CLASSES, width);
    }

    private static Batch at(double t, Batch batch) {
        double[] times = new double[batch.rows()];
        Arrays.fill(times, t);
        return new Batch(
                batch.rows(),
                batch.images(),
                batch.labels(),
                times,
                batch.noise(),
                batch.endNoise(),
                batch.dropoutSeeds());
    }

    private static Batch part(Batch batch, int from, int to) {
        int width = batch.noise().length / batch.rows();
        return new Batch(
                to - from,
                Arrays.copyOfRange(batch.images(), from * IMAGE_WIDTH, to * IMAGE_WIDTH),
                Arrays.copyOfRange(batch.labels(), from, to),
                Arrays.copyOfRange(batch.times(), from, to),
                Arrays.copyOfRange(batch.noise(), from * width, to * width),
                Arrays.copyOfRange(batch.endNoise(), from * width, to * width),
                batch.dropoutSeeds());
    }

    private static double meanError(Block block, int steps) {
        double mean = 0;
        for (int step = 1; step <= steps; step++) {
            double error = block.trainStep(batch(step, 64, 8)).error();
            mean += step > steps - 10 ? error / 10 : 0;
        }
        return mean;
    }

    private static Batch estimate(Block block, int rows, double t, float[] output, float[] probabilities) {
        Batch batch = batch(9, rows, output.length / rows);
        float[] features = new float[rows * block.featureWidth()];
        block.encodeImages(rows, batch.images(), features);
        block.estimate(rows, features, RandomBatches.floats(batch.noise()), t, output, probabilities);
        return batch;
    }
}
