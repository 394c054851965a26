package org.noprop.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.tensor.Tensor;

class LinearHeadTest {
    private static final int WIDTH = 3;
    private static final int CLASSES = 4;
    private static final int ROWS = 6;
    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    void anUntrainedHeadGivesEveryClassTheSameProbability() {
        float[] probabilities = new float[ROWS * CLASSES];
        new LinearHead(WIDTH, CLASSES, 0.01, 0).probabilities(ROWS, noise(ROWS * WIDTH), probabilities);
        assertThat(probabilities).containsOnly(0.25f);
    }

    @Test
    void theLossOfAnUntrainedHeadIsTheLogarithmOfTheClasses() {
        double loss = new LinearHead(WIDTH, CLASSES, 0.01, 0).trainStep(ROWS, noise(ROWS * WIDTH), labels());
        assertThat(loss).isCloseTo(Math.log(CLASSES), within(1e-12));
    }

    @Test
    void probabilitiesAreTheSoftmaxOfALinearLayer() {
        LinearHead head = new LinearHead(2, 2, 0.01, 0);
        head.loadWeights(weights(2, 2, new float[] {1, 2, 3, 4}, new float[] {0.5f, -0.5f}));
        float[] probabilities = new float[2];
        head.probabilities(1, new float[] {1, -1}, probabilities);
        double first = Math.exp(1 * 1 - 1 * 3 + 0.5);
        double second = Math.exp(1 * 2 - 1 * 4 - 0.5);
        assertThat(probabilities[0]).isCloseTo((float) (first / (first + second)), within(1e-6f));
        assertThat(probabilities[0] + probabilities[1]).isCloseTo(1, within(1e-6f));
    }

    @Test
    void hugeLogitsDoNotOverflow() {
        LinearHead head = new LinearHead(1, 2, 0.01, 0);
        head.loadWeights(weights(1, 2, new float[] {3000, -3000}, new float[2]));
        float[] probabilities = new float[2];
        head.probabilities(1, new float[] {1}, probabilities);
        assertThat(probabilities).containsExactly(1, 0);
    }

    @Test
    void theGradientAgreesWithFiniteDifferences() {
        float[] z = noise(ROWS * WIDTH);
        float[] weight = noise(WIDTH * CLASSES);
        float[] bias = noise(CLASSES);
        double[] gradient = new double[(WIDTH + 1) * CLASSES];
        headWith(weight, bias).gradient(ROWS, z, labels(), gradient);
        for (int i = 0; i < gradient.length; i++) {
            double above = lossWith(weight, bias, i, 1 / 256f, z);
            double below = lossWith(weight, bias, i, -1 / 256f, z);
            assertThat(gradient[i]).as("weight %d", i).isCloseTo((above - below) * 128, within(1e-4));
        }
    }

    @Test
    void aStepIsThatOfAdamW() {
        LinearHead head = new LinearHead(1, 2, 0.1, 0.5);
        head.loadWeights(weights(1, 2, new float[] {2, 2}, new float[] {1, 1}));
        head.trainStep(1, new float[] {3}, new int[] {0});
        // Adam's first step is lr · sign(gradient); decay takes lr · decay of the weight besides.
        SortedMap<String, Tensor> weights = head.weights();
        assertThat(weights.get("weight").values()[0]).isCloseTo(2 + 0.1f - 0.1f, within(1e-5f));
        assertThat(weights.get("weight").values()[1]).isCloseTo(2 - 0.1f - 0.1f, within(1e-5f));
        assertThat(weights.get("bias").values()[0]).isCloseTo(1 + 0.1f - 0.05f, within(1e-5f));
        assertThat(weights.get("bias").values()[1]).isCloseTo(1 - 0.1f - 0.05f, within(1e-5f));
    }

    @Test
    void aHeadThatWasSavedAndLoadedContinuesBitForBit() {
        LinearHead original = new LinearHead(WIDTH, CLASSES, 0.01, 0.1);
        float[] z = noise(ROWS * WIDTH);
        steps(original, z, 10);
        LinearHead copy = new LinearHead(WIDTH, CLASSES, 0.01, 0.1);
        copy.loadWeights(original.weights());
        copy.loadOptimiserState(original.optimiserState());
        steps(original, z, 10);
        steps(copy, z, 10);
        assertThat(copy.weights()).isEqualTo(original.weights());
        assertThat(copy.optimiserState()).isEqualTo(original.optimiserState());
    }

    @Test
    void tensorsThatLeaveAreCopies() {
        LinearHead head = new LinearHead(WIDTH, CLASSES, 0.01, 0);
        head.weights().get("weight").values()[0] = 9;
        head.optimiserState().get("first-moment.weight").values()[0] = 9;
        assertThat(head.weights().get("weight").values()[0]).isZero();
        assertThat(head.optimiserState().get("first-moment.weight").values()[0]).isZero();
    }

    @Test
    void trainedOnNearlyCleanLabelsTheHeadReadsThem() {
        OneHotEmbedding labels = new OneHotEmbedding(10);
        LinearHead head = new LinearHead(10, 10, 0.05, 0.001);
        float[] z = new float[64 * 10];
        int[] classes = new int[64];
        double loss = 0;
        for (int step = 0; step < 200; step++) {
            drawBatch(labels, step, z, classes);
            loss = head.trainStep(64, z, classes);
        }
        assertThat(loss).isLessThan(0.05);
    }

    @Test
    void tensorsThatDoNotFitAreNamed() {
        LinearHead head = new LinearHead(WIDTH, CLASSES, 0.01, 0);
        SortedMap<String, Tensor> weights = head.weights();
        weights.remove("bias");
        assertThatThrownBy(() -> head.loadWeights(weights))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Tensor bias of the head is missing");
        weights.put("bias", Tensor.vector(1, 2));
        assertThatThrownBy(() -> head.loadWeights(weights))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Tensor bias of the head must have shape [4], got [2]");
        SortedMap<String, Tensor> state = head.optimiserState();
        state.put("momentum", Tensor.vector(1));
        assertThatThrownBy(() -> head.loadOptimiserState(state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Tensor momentum is unknown to the head's optimiser");
    }

    private static void drawBatch(OneHotEmbedding labels, int step, float[] z, int[] classes) {
        NoiseKey key = NoiseKey.of(1, Purpose.HEAD_INPUT).at(step);
        for (int row = 0; row < classes.length; row++) {
            classes[row] = (row + step) % labels.classes();
            LabelNoise.draw(0.99, labels.vector(classes[row]), key.at(row), z, row * labels.width());
        }
    }

    private void steps(LinearHead head, float[] z, int steps) {
        for (int step = 0; step < steps; step++) {
            head.trainStep(ROWS, z, labels());
        }
    }

    private double lossWith(float[] weight, float[] bias, int changed, float by, float[] z) {
        float[] otherWeight = weight.clone();
        float[] otherBias = bias.clone();
        if (changed < weight.length) {
            otherWeight[changed] += by;
        } else {
            otherBias[changed - weight.length] += by;
        }
        return headWith(otherWeight, otherBias).gradient(ROWS, z, labels(), new double[(WIDTH + 1) * CLASSES]);
    }

    private static LinearHead headWith(float[] weight, float[] bias) {
        LinearHead head = new LinearHead(WIDTH, CLASSES, 0.01, 0);
        head.loadWeights(weights(WIDTH, CLASSES, weight, bias));
        return head;
    }

    private static SortedMap<String, Tensor> weights(int width, int classes, float[] weight, float[] bias) {
        SortedMap<String, Tensor> weights = new TreeMap<>();
        weights.put("weight", Tensor.matrix(width, classes, weight));
        weights.put("bias", Tensor.vector(bias));
        return weights;
    }

    private static int[] labels() {
        return new int[] {0, 1, 2, 3, 1, 1};
    }

    private float[] noise(int length) {
        float[] noise = new float[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }
}
