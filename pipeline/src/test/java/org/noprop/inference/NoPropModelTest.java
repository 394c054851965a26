package org.noprop.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.noprop.data.InvalidInputException;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.LinearHead;
import org.noprop.label.OneHotEmbedding;
import org.noprop.tensor.Tensor;

class NoPropModelTest {
    private static final int CLASSES = 5;
    private static final int STEPS = 4;
    private static final double DEVIATION = 0.3;
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.cosine(STEPS);
    private static final InferenceSettings SETTINGS = new InferenceSettings(17, 1, 3, 64);

    private final List<BayesBlock> blocks = bayesBlocks();
    private final NoPropModel model = modelOf(blocks);
    private final GaussianImages images = GaussianImages.of(1000, CLASSES, DEVIATION, 1);

    @Test
    void aChainOfPerfectBlocksReachesTheAccuracyOfBayesRuleOnTheImages() {
        double bayes = images.agreement(images.nearestPrototypes());
        assertThat(bayes).isGreaterThan(0.9);
        ChainTrace trace = model.trace(images, SETTINGS);
        assertThat(images.agreement(trace.withoutNoise().probabilities().predictions()))
                .isCloseTo(bayes, within(0.005));
        assertThat(images.agreement(model.predict(images, SETTINGS).predictions()))
                .isCloseTo(bayes, within(0.02));
    }

    /** The mistake: the true label fed at evaluation, which scores 100 % on images of noise. */
    @Test
    void imagesOfPureNoiseScoreAtChance() {
        GaussianImages noise = GaussianImages.noise(5000, CLASSES, 1, 3);
        ChainTrace trace = model.trace(noise, SETTINGS);
        double tolerance = 4 * Math.sqrt(0.2 * 0.8 / 5000);
        for (ChainRun run : trace.noisyRuns()) {
            assertThat(noise.agreement(run.probabilities().predictions())).isCloseTo(0.2, within(tolerance));
            run.afterStep().forEach(step -> assertThat(noise.agreement(step)).isCloseTo(0.2, within(tolerance)));
        }
        assertThat(noise.agreement(trace.withoutNoise().probabilities().predictions()))
                .isCloseTo(0.2, within(tolerance));
    }

    @Test
    void permutedLabelsScoreAtChance() {
        int[] predictions = model.predict(images, SETTINGS).predictions();
        int[] shifted = IntStream.range(0, images.rows())
                .map(row -> images.labels()[(row + 1 + row / CLASSES) % images.rows()])
                .toArray();
        assertThat(GaussianImages.agreement(predictions, shifted))
                .isCloseTo(0.2, within(4 * Math.sqrt(0.2 * 0.8 / 1000)));
    }

    @Test
    void renamingTheClassesRenamesThePredictions() {
        int[] permutation = {3, 0, 4, 1, 2};
        float[] original = model.predictWithoutNoise(images, 64).values();
        float[] renamed =
                model.predictWithoutNoise(images.permuted(permutation), 64).values();
        for (int row = 0; row < images.rows(); row++) {
            for (int k = 0; k < CLASSES; k++) {
                assertThat(renamed[row * CLASSES + permutation[k]])
                        .isCloseTo(original[row * CLASSES + k], within(1e-5f));
            }
        }
    }

    /** The mistake: the last block's output discarded. */
    @Test
    void everyBlockUpToTheLastChangesTheResult() {
        float[] whole = model.predictWithoutNoise(images, 64).values();
        for (int t = 1; t <= STEPS; t++) {
            List<BayesBlock> changed = new ArrayList<>(blocks);
            changed.set(t - 1, new BayesBlock(SCHEDULE, t, CLASSES, 3 * DEVIATION));
            float[] other = modelOf(changed).predictWithoutNoise(images, 64).values();
            assertThat(other).as("block %d changed", t).isNotEqualTo(whole);
        }
    }

    @Test
    void theResultIsThatOfTheChainWrittenOutForOneRow() {
        ChainTrace trace = model.trace(images, SETTINGS);
        for (int row : new int[] {0, 63, 64, 999}) {
            for (int run = 0; run < SETTINGS.runs(); run++) {
                float[] expected = slowChain(row, run, SCHEDULE, List.of(1, 2, 3, 4));
                float[] actual = trace.noisyRuns().get(run).probabilities().values();
                for (int k = 0; k < CLASSES; k++) {
                    assertThat(actual[row * CLASSES + k]).isCloseTo(expected[k], within(1e-5f));
                }
            }
        }
    }

    @Test
    void noiseFollowsTheRowsIdNotItsPlaceNorTheBatchSize() {
        ClassProbabilities whole = model.predict(images, SETTINGS);
        ClassProbabilities part = model.predict(images.part(300, 400), new InferenceSettings(17, 1, 3, 7));
        for (int i = 0; i < part.values().length; i++) {
            assertThat(part.values()[i]).isEqualTo(whole.values()[300 * CLASSES + i]);
        }
    }

    @Test
    void partsPredictedApartAndJoinedAreTheWhole() {
        ChainTrace whole = model.trace(images, SETTINGS);
        ChainTrace joined = ChainTrace.join(List.of(
                model.trace(images.part(0, 250), SETTINGS),
                model.trace(images.part(250, 251), SETTINGS),
                model.trace(images.part(251, 1000), SETTINGS)));
        assertThat(joined).usingRecursiveComparison().isEqualTo(whole);
    }

    @Test
    void withoutNoiseThePredictionIsAFunctionOfTheImageAlone() {
        GaussianImages other = GaussianImages.of(1000, CLASSES, DEVIATION, 1).part(10, 20);
        float[] whole = model.predictWithoutNoise(images, 64).values();
        float[] part = model.predictWithoutNoise(other.renumbered(), 3).values();
        for (int i = 0; i < part.length; i++) {
            assertThat(part[i]).isEqualTo(whole[10 * CLASSES + i]);
        }
        assertThat(model.trace(images, SETTINGS).withoutNoise().probabilities().values())
                .containsExactly(whole);
    }

    @Test
    void theNoiseOfStepsIsScaled() {
        double[] none = afterFirstStep(0);
        double[] half = afterFirstStep(0.5);
        double[] whole = afterFirstStep(1);
        assertThat(whole).isNotEqualTo(none);
        for (int i = 0; i < none.length; i++) {
            assertThat(half[i]).isCloseTo((none[i] + whole[i]) / 2, within(1e-4));
        }
    }

    /** ‖z_1 - u_k‖² - ‖z_1 - u_0‖², which is linear in z_1 because label embeddings are all of one length. */
    private double[] afterFirstStep(double noise) {
        LabelPaths paths =
                model.trace(images, new InferenceSettings(17, noise, 1, 64)).paths();
        float[] distances = paths.distances().get(1);
        double[] differences = new double[distances.length];
        for (int i = 0; i < differences.length; i++) {
            double first = distances[i - i % CLASSES];
            differences[i] = (double) distances[i] * distances[i] - first * first;
        }
        return differences;
    }

    @Test
    void runsAndSeedsHaveNoiseOfTheirOwn() {
        ChainTrace trace = model.trace(images, SETTINGS);
        float[] first = trace.noisyRuns().get(0).probabilities().values();
        assertThat(trace.noisyRuns().get(1).probabilities().values()).isNotEqualTo(first);
        ChainTrace otherSeed = model.trace(images, new InferenceSettings(18, 1, 3, 64));
        assertThat(otherSeed.noisyRuns().get(0).probabilities().values()).isNotEqualTo(first);
        ChainTrace again = model.trace(images, SETTINGS);
        assertThat(again.noisyRuns().get(0).probabilities().values()).containsExactly(first);
    }

    @Test
    void predictionIsTheMeanOfTheRunsThatATraceShows() {
        List<ClassProbabilities> runs = model.trace(images, SETTINGS).noisyRuns().stream()
                .map(ChainRun::probabilities)
                .toList();
        assertThat(model.predict(images, SETTINGS).values())
                .containsExactly(ClassProbabilities.mean(runs).values());
    }

    @Test
    void aloneABlockGetsNoiseInPlaceOfItsPredecessorsOutput() {
        ChainTrace trace = model.trace(images, SETTINGS);
        for (int run = 0; run < SETTINGS.runs(); run++) {
            int[] inChain = trace.noisyRuns().get(run).afterStep().get(0);
            assertThat(trace.blocksAlone().get(0).get(run)).containsExactly(inChain);
        }
        // Block 4 trusts its z; fed with noise it does far worse than in the chain.
        double alone = images.agreement(trace.blocksAlone().get(STEPS - 1).get(0));
        double inChain = images.agreement(trace.noisyRuns().get(0).afterStep().get(STEPS - 1));
        assertThat(alone).isLessThan(inChain - 0.05);
    }

    @Test
    void aChainOfAllBlocksIsTheFirstNoisyRun() {
        ChainTrace trace = model.trace(images, SETTINGS);
        assertThat(trace.fewerBlocks()).extracting(FewerBlocks::blocks).containsExactly(1, 2, 3, 4);
        assertThat(trace.fewerBlocks().get(3).predictions())
                .containsExactly(trace.noisyRuns().get(0).probabilities().predictions());
    }

    @Test
    void aChainOfFewerBlocksIsTheChainOfAScheduleWithoutTheOthers() {
        // Blocks 1 and 4: from ᾱ_0 to ᾱ_3, from there to ᾱ_4.
        NoiseSchedule without = NoiseSchedule.of(SCHEDULE.alphaBar(0), SCHEDULE.alphaBar(3), SCHEDULE.alphaBar(4));
        int[] predictions = model.trace(images, SETTINGS).fewerBlocks().get(1).predictions();
        for (int row : new int[] {0, 63, 500, 999}) {
            float[] expected = slowChain(row, 0, without, List.of(1, 4));
            int[] prediction = new ClassProbabilities(1, CLASSES, expected).predictions();
            assertThat(predictions[row]).isEqualTo(prediction[0]);
        }
        assertThat(images.agreement(predictions)).isGreaterThan(0.8);
    }

    @Test
    void pathsAreTheDistancesOfTheFirstRowsToEveryLabelEmbedding() {
        LabelPaths paths = model.trace(images, SETTINGS).paths();
        assertThat(paths.moments()).containsExactly("0", "1", "2", "3", "4");
        assertThat(paths.rows()).isEqualTo(60);
        float[] start = new float[CLASSES];
        LabelNoise.standard(NoiseKey.of(17, Purpose.CHAIN_START).at(0).at(images.id(7)), start, 0, CLASSES);
        for (int k = 0; k < CLASSES; k++) {
            double squares = 0;
            for (int i = 0; i < CLASSES; i++) {
                squares += Math.pow(start[i] - (i == k ? 1 : 0), 2);
            }
            assertThat(paths.distances().get(0)[7 * CLASSES + k]).isCloseTo((float) Math.sqrt(squares), within(1e-6f));
        }
        int[] predictions =
                model.trace(images, SETTINGS).noisyRuns().get(0).probabilities().predictions();
        float[] end = paths.distances().get(STEPS);
        for (int row = 0; row < paths.rows(); row++) {
            for (int k = 0; k < CLASSES; k++) {
                assertThat(end[row * CLASSES + predictions[row]]).isLessThanOrEqualTo(end[row * CLASSES + k]);
            }
        }
    }

    @Test
    void anImageGoesThroughABlocksImagePartOnceWhateverTheRuns() {
        model.trace(images, SETTINGS);
        assertThat(blocks).allSatisfy(block -> assertThat(block.encoded()).isEqualTo(images.rows()));
    }

    @Test
    void blocksAreLentOneAfterTheOther() {
        List<String> events = new ArrayList<>();
        BlockSource source = (t, use) -> {
            events.add("lend " + t);
            use.accept(blocks.get(t - 1));
            events.add("back " + t);
        };
        new NoPropModel(SCHEDULE, new OneHotEmbedding(CLASSES), source, head()).predict(images, SETTINGS);
        assertThat(events)
                .containsExactly("lend 1", "back 1", "lend 2", "back 2", "lend 3", "back 3", "lend 4", "back 4");
    }

    @Test
    void imagesOfAnotherWidthAreRefused() {
        GaussianImages narrow = GaussianImages.of(10, 3, DEVIATION, 1);
        assertThatThrownBy(() -> model.predict(narrow, SETTINGS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The image embeddings have 3 components where block 1 was trained on 5: use the embeddings"
                        + " of the model's own run, or train the blocks again");
    }

    @Test
    void aHeadForOtherClassesIsRefused() {
        LinearHead other = new LinearHead(3, 3, 0.01, 0);
        BlockSource source = BlockSource.of(blocks);
        OneHotEmbedding labels = new OneHotEmbedding(CLASSES);
        assertThatThrownBy(() -> new NoPropModel(SCHEDULE, labels, source, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The head is for label embeddings of width 3 and 3 classes, the label embedding has width"
                        + " 5 and 5 classes");
    }

    @Test
    void noRowsGiveNoPredictions() {
        assertThat(model.predict(images.part(0, 0), SETTINGS).predictions()).isEmpty();
    }

    /** Equation 3 for one row and run, a block call at a time: step number i of the schedule by used.get(i - 1). */
    private float[] slowChain(int row, int run, NoiseSchedule schedule, List<Integer> used) {
        float[] x = new float[CLASSES];
        images.copyRow(row, x, 0);
        long id = images.id(row);
        float[] z = new float[CLASSES];
        LabelNoise.standard(NoiseKey.of(17, Purpose.CHAIN_START).at(run).at(id), z, 0, CLASSES);
        float[] output = new float[CLASSES];
        float[] features = new float[CLASSES];
        float[] noise = new float[CLASSES];
        for (int step = 1; step <= used.size(); step++) {
            int t = used.get(step - 1);
            blocks.get(t - 1).encodeImages(1, x, features);
            blocks.get(t - 1).estimate(1, features, z, 0, output, new float[CLASSES]);
            LabelNoise.standard(
                    NoiseKey.of(17, Purpose.CHAIN_STEP).at(run).at(t).at(id), noise, 0, CLASSES);
            for (int i = 0; i < CLASSES; i++) {
                var k = schedule.coefficients(step);
                z[i] = (float) (k.a() * output[i] + k.b() * z[i] + Math.sqrt(k.c()) * noise[i]);
            }
        }
        float[] probabilities = new float[CLASSES];
        head().probabilities(1, z, probabilities);
        return probabilities;
    }

    private static List<BayesBlock> bayesBlocks() {
        return IntStream.rangeClosed(1, STEPS)
                .mapToObj(t -> new BayesBlock(SCHEDULE, t, CLASSES, DEVIATION))
                .toList();
    }

    private static NoPropModel modelOf(List<BayesBlock> blocks) {
        return new NoPropModel(SCHEDULE, new OneHotEmbedding(CLASSES), BlockSource.of(blocks), head());
    }

    /** Reads the largest component of z_T. */
    private static LinearHead head() {
        LinearHead head = new LinearHead(CLASSES, CLASSES, 0.01, 0);
        SortedMap<String, Tensor> weights = new TreeMap<>(head.weights());
        float[] scaled = new OneHotEmbedding(CLASSES).matrix();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= 8;
        }
        weights.put("weight", Tensor.matrix(CLASSES, CLASSES, scaled));
        head.loadWeights(weights);
        return head;
    }
}
