package org.noprop.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.HeadSettings;
import org.noprop.label.LinearHead;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.Batch;
import org.noprop.network.Block;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.OptimiserSettings;

/** The controls over blocks that really were trained, each alone, on {@link GaussianImages}. */
class TrainedModelTest {
    private static final int CLASSES = 4;
    private static final int STEPS = 3;
    private static final int BATCH = 100;
    private static final double DEVIATION = 0.4;
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.cosine(STEPS);
    private static final OneHotEmbedding LABELS = new OneHotEmbedding(CLASSES);
    private static final InferenceSettings SETTINGS = new InferenceSettings(1, 1, 3, 500);
    private static final List<Block> BLOCKS = new ArrayList<>();

    private final NoPropModel model = new NoPropModel(SCHEDULE, LABELS, BlockSource.of(BLOCKS), head());

    @BeforeAll
    static void trainEachBlockAlone() {
        NativeBackend.load();
        for (int t = 1; t <= STEPS; t++) {
            BLOCKS.add(block(t, 1e-3, t));
            train(BLOCKS.get(t - 1), t);
        }
    }

    @AfterAll
    static void close() {
        BLOCKS.forEach(Block::close);
    }

    @Test
    void theChainIsNearlyAsGoodAsBayesRule() {
        GaussianImages test = GaussianImages.of(2000, CLASSES, DEVIATION, 99);
        double bayes = test.agreement(test.nearestPrototypes());
        ChainTrace trace = model.trace(test, SETTINGS);
        for (ChainRun run : trace.noisyRuns()) {
            assertThat(test.agreement(run.probabilities().predictions())).isCloseTo(bayes, within(0.05));
        }
        assertThat(test.agreement(trace.withoutNoise().probabilities().predictions()))
                .isCloseTo(bayes, within(0.05));
    }

    /** The mistake: the true label fed at evaluation, which scores 100 % on images of noise. */
    @Test
    void imagesOfPureNoiseScoreAtChance() {
        GaussianImages noise = GaussianImages.noise(2000, CLASSES, 1, 5);
        double tolerance = 4 * Math.sqrt(0.25 * 0.75 / 2000);
        ChainTrace trace = model.trace(noise, SETTINGS);
        for (ChainRun run : trace.noisyRuns()) {
            assertThat(noise.agreement(run.probabilities().predictions())).isCloseTo(0.25, within(tolerance));
        }
    }

    /** The mistake: the last block's output discarded, or a chain in which one block does all the work. */
    @Test
    void anUntrainedLastBlockSpoilsTheChain() {
        GaussianImages test = GaussianImages.of(1000, CLASSES, DEVIATION, 99);
        try (Block untrained = block(STEPS, 0, 77)) {
            List<Block> spoilt = List.of(BLOCKS.get(0), BLOCKS.get(1), untrained);
            NoPropModel other = new NoPropModel(SCHEDULE, LABELS, BlockSource.of(spoilt), head());
            assertThat(test.agreement(other.predict(test, SETTINGS).predictions()))
                    .isLessThan(test.agreement(model.predict(test, SETTINGS).predictions()) - 0.2);
        }
    }

    private static Block block(int t, double weightDecay, long seed) {
        return Block.create(
                new Method.Discrete(SCHEDULE, 0.1, 5),
                t,
                ImagePart.embedding(CLASSES),
                LABELS,
                new HeadSettings.Linear(),
                OptimiserSettings.adamW(1e-3, weightDecay),
                seed);
    }

    private static void train(Block block, int t) {
        GaussianImages images = GaussianImages.of(4000, CLASSES, DEVIATION, 3);
        NoiseKey key = NoiseKey.of(1, Purpose.BLOCK_INPUT).at(t);
        float[] x = new float[BATCH * CLASSES];
        double[] noise = new double[BATCH * CLASSES];
        int[] labels = new int[BATCH];
        for (int step = 0; step < 120; step++) {
            for (int i = 0; i < BATCH; i++) {
                int row = (step * BATCH + i) % images.rows();
                labels[i] = images.labels()[row];
                images.copyRow(row, x, i * CLASSES);
                SplittableRandom random = key.at(step).at(row).generator();
                for (int k = 0; k < CLASSES; k++) {
                    noise[i * CLASSES + k] = random.nextGaussian();
                }
            }
            block.trainStep(new Batch(BATCH, x, labels, new double[0], noise, new double[0], new long[0]));
        }
    }

    private static LinearHead head() {
        LinearHead head = new LinearHead(CLASSES, CLASSES, 0.05, 0);
        float[] z = new float[BATCH * CLASSES];
        int[] labels = new int[BATCH];
        for (int step = 0; step < 100; step++) {
            for (int i = 0; i < BATCH; i++) {
                labels[i] = i % CLASSES;
                NoiseKey draw = NoiseKey.of(1, Purpose.HEAD_INPUT).at(step).at(i);
                LabelNoise.draw(SCHEDULE.alphaBar(STEPS), LABELS.vector(labels[i]), draw, z, i * CLASSES);
            }
            head.trainStep(BATCH, z, labels);
        }
        return head;
    }
}
