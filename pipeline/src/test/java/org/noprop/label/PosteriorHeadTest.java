package org.noprop.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.tensor.Tensor;

class PosteriorHeadTest {
    private static final LearnedEmbedding LABELS = LearnedEmbedding.initial(4, 3, 2);
    private static final int[] CLASSES = {0, 1, 2, 3, 1, 1};

    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    void probabilitiesFallWithTheDistanceOfTheRecoveredLabelEmbedding() {
        LearnedEmbedding labels = new LearnedEmbedding(2, 1, 0, 2);
        PosteriorHead head = new PosteriorHead(labels, .5, .01, 0);
        SortedMap<String, Tensor> weights = new TreeMap<>();
        weights.put("weight", Tensor.matrix(1, 2, 0, 1));
        weights.put("bias", Tensor.vector(0, 0));
        head.loadWeights(weights);
        float[] probabilities = new float[2];
        head.probabilities(1, new float[] {.7f}, probabilities);
        double recovered = 2 / (1 + Math.exp(-.7));
        double odds = Math.exp((recovered * recovered - (2 - recovered) * (2 - recovered)) / (2 * .25));
        assertThat((double) probabilities[1]).isCloseTo(odds / (1 + odds), within(1e-6));
        assertThat(probabilities[0] + probabilities[1]).isCloseTo(1, within(1e-6f));
    }

    @Test
    void theGradientAgreesWithFiniteDifferences() {
        float[] z = noise(6 * 3);
        float[] parameters = noise(4 * 4);
        double[] gradient = new double[parameters.length];
        headWith(parameters).gradient(6, z, CLASSES, gradient);
        for (int i = 0; i < gradient.length; i++) {
            double above = lossWith(parameters, i, 1 / 256f, z);
            double below = lossWith(parameters, i, -1 / 256f, z);
            assertThat(gradient[i]).as("weight %d", i).isCloseTo((above - below) * 128, within(1e-4));
        }
    }

    @Test
    void trainedOnNearlyCleanLabelsTheHeadReadsThem() {
        OneHotEmbedding labels = new OneHotEmbedding(10);
        Head head = Heads.of(new HeadSettings.Posterior(.3), labels, .05, .001);
        float[] z = new float[64 * 10];
        int[] classes = new int[64];
        double loss = 0;
        for (int step = 0; step < 200; step++) {
            NoiseKey key = NoiseKey.of(1, Purpose.HEAD_INPUT).at(step);
            for (int row = 0; row < 64; row++) {
                classes[row] = (row + step) % 10;
                LabelNoise.draw(.99, labels.vector(classes[row]), key.at(row), z, row * 10);
            }
            loss = head.trainStep(64, z, classes);
        }
        assertThat(loss).isLessThan(.05);
    }

    @Test
    void aHeadThatWasSavedAndLoadedContinuesBitForBit() {
        PosteriorHead original = new PosteriorHead(LABELS, .7, .01, .1);
        float[] z = noise(6 * 3);
        original.trainStep(6, z, CLASSES);
        PosteriorHead copy = new PosteriorHead(LABELS, .7, .01, .1);
        copy.loadWeights(original.weights());
        copy.loadOptimiserState(original.optimiserState());
        original.trainStep(6, z, CLASSES);
        copy.trainStep(6, z, CLASSES);
        assertThat(copy.weights()).isEqualTo(original.weights());
    }

    @Test
    void aDeviationThatIsNotPositiveIsRefused() {
        assertThatThrownBy(() -> new HeadSettings.Posterior(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A posterior head needs a positive σ, got 0.0");
    }

    private double lossWith(float[] parameters, int changed, float by, float[] z) {
        float[] others = parameters.clone();
        others[changed] += by;
        return headWith(others).gradient(6, z, CLASSES, new double[others.length]);
    }

    private static PosteriorHead headWith(float[] parameters) {
        PosteriorHead head = new PosteriorHead(LABELS, .7, .01, 0);
        SortedMap<String, Tensor> weights = new TreeMap<>();
        weights.put("weight", Tensor.matrix(3, 4, Arrays.copyOf(parameters, 12)));
        weights.put("bias", Tensor.vector(Arrays.copyOfRange(parameters, 12, 16)));
        head.loadWeights(weights);
        return head;
    }

    private float[] noise(int length) {
        float[] noise = new float[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }
}
