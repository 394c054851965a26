package org.noprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noprop.data.EmbeddingTable;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.Batch;
import org.noprop.network.Block;
import org.noprop.network.ContinuousSettings;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.OptimiserSettings;

class BlockLearnerTest {
    private static final int ROWS = 4000;
    private static final int IMAGE_WIDTH = 2;
    private static final LabelEmbedding FIXED = new OneHotEmbedding(4);
    private static final LabelEmbedding LEARNED = LearnedEmbedding.initial(4, 3, 1);
    private static final Method DISCRETE = new Method.Discrete(NoiseSchedule.cosine(10), 0.1, 30);
    private static final TimeIntervals THIRDS = TimeIntervals.equalTime(3, 0.1);
    private static final Method CONTINUOUS =
            new Method.Continuous(new ContinuousSettings(new ContinuousSchedule.Linear(-7, 7), false, 1, 30), THIRDS);
    private static final TrainingSettings SETTINGS = new TrainingSettings(
            1,
            ROWS,
            OptimiserSettings.adamW(1e-3, 1e-3),
            LearningRateSchedule.CONSTANT,
            Regularisation.NONE,
            1,
            0,
            3,
            "test");

    @Test
    void noiseIsStandardNormal() {
        Batch batch = batch(plan(DISCRETE, LEARNED), 7);

        for (double[] noise : List.of(batch.noise(), batch.endNoise())) {
            double mean = Arrays.stream(noise).average().orElseThrow();
            double square =
                    Arrays.stream(noise).map(value -> value * value).average().orElseThrow();
            assertThat(mean).isCloseTo(0, within(0.05));
            assertThat(square).isCloseTo(1, within(0.05));
        }
        assertThat(batch.noise()).isNotEqualTo(batch.endNoise());
    }

    @Test
    void overFixedLabelEmbeddingsInDiscreteTimeNothingIsDrawnForAHead() {
        assertThat(batch(plan(DISCRETE, FIXED), 1).endNoise()).isEmpty();
        assertThat(batch(plan(CONTINUOUS, FIXED), 1).endNoise()).hasSize(ROWS * FIXED.width());
        assertThat(batch(plan(new Method.FlowMatching(0, THIRDS), LEARNED), 1).endNoise())
                .isEmpty();
        assertThat(batch(plan(new Method.FlowMatching(0.1, THIRDS), FIXED), 1).endNoise())
                .hasSize(ROWS * FIXED.width());
    }

    @Test
    void timesAreUniformInABlocksIntervalWithItsOverlap() {
        double[] times = batch(plan(CONTINUOUS, FIXED), 2).times();

        assertThat(Arrays.stream(times).min().orElseThrow()).isBetween(1 / 3.0 - 0.1 / 3, 0.302);
        assertThat(Arrays.stream(times).max().orElseThrow()).isBetween(0.698, 2 / 3.0 + 0.1 / 3);
        assertThat(Arrays.stream(times).average().orElseThrow()).isCloseTo(0.5, within(0.01));
    }

    @Test
    void noiseIsTheSameForTheSameRowWhereverItStandsInTheBatchAndAnotherInEveryEpochAndBlock() {
        double[] first = noiseOfRow(42, 2, 1, 0);

        assertThat(noiseOfRow(42, 2, 1, 17)).isEqualTo(first);
        assertThat(noiseOfRow(42, 2, 2, 0)).isNotEqualTo(first);
        assertThat(noiseOfRow(42, 3, 1, 0)).isNotEqualTo(first);
    }

    /** The last block learns to read the label off its input; given one it would score near 100 %. */
    @Test
    void validationFeedsPureNoiseWhateverTheBlock() {
        TrainingPlan plan = plan(DISCRETE, FIXED);
        EmbeddingTable table = table();
        try (Block block = plan.newBlock(10, 1)) {
            BlockLearner learner = new BlockLearner(block, plan, 10, new TrainingRows(table, Optional.of(table)));
            double error = 1;
            for (int step = 0; step < 80; step++) {
                error = learner.step(1 + step, order(), 0, 200);
            }
            assertThat(error).isLessThan(0.1);

            double accuracy = learner.validate().get(ArtifactFigures.VALIDATION_ACCURACY);

            assertThat(accuracy).isCloseTo(1.0 / FIXED.classes(), within(0.03));
        }
    }

    @Test
    void termsBesideTheErrorAreGivenOnceAnEpochWhereThereAreAny() {
        TrainingPlan learned = plan(DISCRETE, LEARNED);
        try (Block block = learned.newBlock(1, 1)) {
            BlockLearner learner = new BlockLearner(block, learned, 1, rows());
            learner.step(1, order(), 0, 100);

            assertThat(learner.epochFigures()).containsOnlyKeys("cross-entropy", "kl-to-prior", "denoising");
            assertThat(learner.epochFigures()).isEmpty();
        }
        TrainingPlan fixed = plan(DISCRETE, FIXED);
        try (Block block = fixed.newBlock(1, 1)) {
            BlockLearner learner = new BlockLearner(block, fixed, 1, rows());
            learner.step(1, order(), 0, 100);

            assertThat(learner.epochFigures()).isEmpty();
        }
    }

    private static double[] noiseOfRow(int row, int block, int epoch, int place) {
        int[] order = new int[ROWS];
        order[place] = row;
        Batch batch = BlockLearner.batch(plan(DISCRETE, FIXED), block, rows()).draw(epoch, order, 0, place + 1);
        return Arrays.copyOfRange(batch.noise(), place * FIXED.width(), (place + 1) * FIXED.width());
    }

    private static Batch batch(TrainingPlan plan, int block) {
        return BlockLearner.batch(plan, block, rows()).draw(1, order(), 0, ROWS);
    }

    private static int[] order() {
        int[] order = new int[ROWS];
        RowOrder.of(ROWS).shuffle(1, 1, 1, order);
        return order;
    }

    private static TrainingPlan plan(Method method, LabelEmbedding labels) {
        return new TrainingPlan(
                method,
                labels,
                new HeadSettings.Linear(),
                ImagePart.embedding(IMAGE_WIDTH),
                SETTINGS,
                SETTINGS,
                List.of(),
                1);
    }

    private static TrainingRows rows() {
        return new TrainingRows(table(), Optional.empty());
    }

    private static EmbeddingTable table() {
        SplittableRandom random = new SplittableRandom(2);
        long[] ids = new long[ROWS];
        int[] labels = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            ids[row] = row;
            labels[row] = random.nextInt(FIXED.classes());
        }
        return EmbeddingTable.of(ids, labels, new float[ROWS][IMAGE_WIDTH]);
    }
}
