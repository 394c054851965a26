package org.noprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.noprop.data.EmbeddingTable;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.Batch;
import org.noprop.tensor.OptimiserSettings;

class RegularisationTest {
    private static final int ROWS = 400;
    private static final int WIDTH = 50;
    private static final int CLASSES = 10;

    @Test
    void noneLeavesRowsAsTheyAre() {
        Batch batch = gathered(Regularisation.NONE, 1, 1);
        assertThat(batch.images()).containsOnly(2);
        assertThat(batch.labels()).containsOnly(4);
    }

    @Test
    void droppedComponentsAreNothingAndTheMeanStays() {
        float[] images = gathered(new Regularisation(0.25, 0, 0, 0), 1, 1).images();
        long dropped = 0;
        double sum = 0;
        for (float value : images) {
            dropped += value == 0 ? 1 : 0;
            sum += value;
            assertThat(value == 0 || Math.abs(value - 2 / 0.75) < 1e-5).isTrue();
        }
        assertThat((double) dropped / images.length).isCloseTo(0.25, within(0.02));
        assertThat(sum / images.length).isCloseTo(2, within(0.05));
    }

    @Test
    void whatIsDroppedIsAFunctionOfEpochAndLearner() {
        Regularisation half = new Regularisation(0.5, 0, 0, 0);
        float[] images = gathered(half, 1, 1).images();
        assertThat(gathered(half, 1, 1).images()).isEqualTo(images);
        assertThat(gathered(half, 2, 1).images()).isNotEqualTo(images);
        assertThat(gathered(half, 1, 2).images()).isNotEqualTo(images);
    }

    @Test
    void aShareOfTheLabelsIsDrawnFromAllClasses() {
        int[] labels = gathered(new Regularisation(0, 0.5, 0, 0), 1, 1).labels();
        int[] counts = new int[CLASSES];
        Arrays.stream(labels).forEach(label -> counts[label]++);
        assertThat((double) counts[4] / ROWS).isCloseTo(0.55, within(0.1));
        assertThat(counts).doesNotContain(0);
    }

    @Test
    void seedsOfDropoutMasksFollowFromBlockEpochAndRowAndFromNothingElse() {
        long[] seeds = gathered(Regularisation.NONE, 1, 1).dropoutSeeds();

        assertThat(seeds).doesNotHaveDuplicates();
        assertThat(gathered(new Regularisation(0.5, 0.5, 0, 0), 1, 1).dropoutSeeds())
                .isEqualTo(seeds);
        assertThat(gathered(Regularisation.NONE, 2, 1).dropoutSeeds()).isNotEqualTo(seeds);
        assertThat(gathered(Regularisation.NONE, 1, 2).dropoutSeeds()).isNotEqualTo(seeds);
    }

    @Test
    void theLearningRateRisesInTheFirstSteps() {
        Regularisation warmUp = new Regularisation(0, 0, 0.1, 0);
        assertThat(warmUp.warmUp(0, 100)).isCloseTo(0.1, within(1e-12));
        assertThat(warmUp.warmUp(4, 100)).isCloseTo(0.5, within(1e-12));
        assertThat(warmUp.warmUp(9, 100)).isEqualTo(1);
        assertThat(warmUp.warmUp(99, 100)).isEqualTo(1);
        assertThat(Regularisation.NONE.warmUp(0, 1)).isEqualTo(1);
    }

    private static Batch gathered(Regularisation regularisation, int epoch, int learner) {
        long[] ids = new long[ROWS];
        int[] labels = new int[ROWS];
        float[][] embeddings = new float[ROWS][WIDTH];
        int[] order = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            ids[row] = 3L * row;
            labels[row] = 4;
            order[row] = row;
            Arrays.fill(embeddings[row], 2);
        }
        TrainingSettings settings = new TrainingSettings(
                3,
                ROWS,
                OptimiserSettings.adamW(1e-3, 0),
                LearningRateSchedule.CONSTANT,
                regularisation,
                1,
                0,
                8,
                "test");
        return new RowBatch(EmbeddingTable.of(ids, labels, embeddings), new OneHotEmbedding(CLASSES), settings, learner)
                .withDropout(learner)
                .draw(epoch, order, 0, ROWS);
    }
}
