package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.config.ConfigReader;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Split;
import org.noprop.diffusion.Objective;
import org.noprop.network.Block;
import org.noprop.network.Method;
import org.noprop.training.BlockLearner;
import org.noprop.training.Learner;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingRows;

/** The presets with convolutional blocks, read and trained for two steps on random images of their shape. */
class ConvolutionalPresetsTest {
    private static final int ROWS = 256;

    @ParameterizedTest
    @CsvSource({
        "paper/mnist, 28, 1, 10, 100, 919946",
        "paper/cifar10, 32, 3, 10, 150, 1215434",
        "paper/cifar100, 32, 3, 100, 150, 1250084",
        "mnist-conv, 28, 1, 10, 3, 919946"
    })
    void aPresetHasTheSettingsOfTable4AndTrains(
            String preset, int side, int channels, int classes, int epochs, long parameters) {
        NoPropConfig config = read(preset);
        TrainingPlan plan = TrainingPlans.of(config, data(List.of(side, side, channels), classes));

        assertThat(plan.blocks()).isEqualTo(10);
        assertThat(((Method.Discrete) plan.method()).eta()).isEqualTo(.1);
        assertThat(config.data().validationFraction()).isZero();
        assertThat(config.training().batchSize()).isEqualTo(128);
        assertThat(preset.startsWith("paper/") ? config.training().learningRate() : 1e-3)
                .isEqualTo(1e-3);
        assertThat(config.training().weightDecay()).isEqualTo(1e-3);
        assertThat(plan.block().epochs()).isEqualTo(epochs);
        assertThat(plan.baseline().settings().epochs()).isEqualTo(epochs);
        try (Block block = plan.newBlock(3, 1)) {
            assertThat(block.parameters()).isEqualTo(parameters);
            assertThat(twoSteps(block, plan)).isFinite();
        }
    }

    @Test
    void thePapersWeightsAreNotCapped() {
        TrainingPlan plan = TrainingPlans.of(read("paper/mnist"), data(List.of(28, 28, 1), 10));
        Method.Discrete method = (Method.Discrete) plan.method();
        assertThat(Objective.blockWeight(method.schedule(), 10, method.eta(), method.snrWeightCap()))
                .isGreaterThan(40_000);
    }

    @Test
    void convolutionalBlocksOverVectorsAreRefused() {
        assertThatThrownBy(() -> TrainingPlans.of(read("mnist-conv"), data(List.of(784), 10)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("noprop.network.kind = convolutional needs images of shape [height, width, channels],"
                        + " but the image embeddings have the shape [784]; preprocess with embedding.kind = pixels,"
                        + " or set network.kind = dense");
    }

    @Test
    void imagesTooSmallForTheConvolutionsAreRefused() {
        assertThatThrownBy(() -> TrainingPlans.of(read("mnist-conv"), data(List.of(8, 8, 1), 10)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("noprop.network.channels does not fit the images: 3 convolutions need images of at least"
                        + " 14 × 14 pixels, got 8 × 8");
    }

    private static double twoSteps(Block block, TrainingPlan plan) {
        TrainingRows rows =
                new TrainingRows(table(plan.image().components(), plan.labels().classes()), Optional.empty());
        Learner learner = new BlockLearner(block, plan, 3, rows);
        int[] order = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            order[i] = i;
        }
        return learner.step(1, order, 0, 128) + learner.step(1, order, 128, 128);
    }

    private static EmbeddingTable table(int width, int classes) {
        SplittableRandom random = new SplittableRandom(1);
        float[][] images = new float[ROWS][width];
        long[] ids = new long[ROWS];
        int[] labels = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            ids[row] = row;
            labels[row] = random.nextInt(classes);
            for (int i = 0; i < width; i++) {
                images[row][i] = (float) random.nextGaussian();
            }
        }
        return EmbeddingTable.of(ids, labels, images);
    }

    private static NoPropConfig read(String preset) {
        return ConfigReader.read(Path.of("..", "conf", preset + ".conf"), List.of("data.path=unused"));
    }

    private static EmbeddingDescription data(List<Integer> shape, int classes) {
        return new EmbeddingDescription(
                shape, Collections.nCopies(classes, "class"), Map.of(Split.TRAIN, (long) ROWS), "{}", "fingerprint");
    }
}
