package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.OneHotEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.nn.Initialisation;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

/** What a new network's weights are drawn from: uniform, between limits that follow from a layer's inputs and outputs. */
class InitialisationTest {
    private static final int COMPONENTS = 600;
    private static final int WIDTH = 40;
    private static final OptimiserSettings ADAM_W = OptimiserSettings.adamW(1e-3, 1e-3);

    private static final Method METHOD = new Method.Discrete(NoiseSchedule.cosine(10), .1, 30);

    @ParameterizedTest
    @CsvSource({
        "FAN_IN, image.dense.weight, 0.0408248",
        "FAN_IN, image.dense.bias, 0.0408248",
        "FAN_IN, output.weight, 0.2236068",
        "FAN_IN, output.bias, 0.2236068",
        "GLOROT, image.dense.weight, 0.0968246",
        "GLOROT, image.dense.bias, 0",
        "GLOROT, output.weight, 0.4472136",
        "GLOROT, output.bias, 0"
    })
    void aBlockIsDrawnBetweenItsLimits(Initialisation initialisation, String tensor, double limit) {
        try (Block block = RandomBatches.block(METHOD, 1, image(initialisation), new OneHotEmbedding(10), ADAM_W, 1)) {
            assertUniform(block.weights(), tensor, limit);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, plain.image.weight", "2, block02.image.dense.weight"})
    void soIsTheBaseline(int blocks, String tensor) {
        try (Baseline baseline =
                Baseline.create(blocks, image(Initialisation.GLOROT), new OneHotEmbedding(10), ADAM_W, 1)) {
            assertUniform(baseline.weights(), tensor, 0.0968246);
        }
    }

    private static ImagePart image(Initialisation initialisation) {
        return new ImagePart.Embedding(COMPONENTS, WIDTH, initialisation);
    }

    /**
     * The largest value is beyond half of the limit; of a hundred values and more it is near the limit, and their mean
     * square a third of its square.
     */
    private static void assertUniform(SortedMap<String, Tensor> weights, String tensor, double limit) {
        assertThat(weights).containsKey(tensor);
        float[] values = weights.get(tensor).values();
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isBetween(limit / 2, limit + 1e-6);
        if (values.length > 100) {
            assertThat(largest).isCloseTo(limit, within(.02 * limit + 1e-9));
            assertThat(Arrays.stream(toDoubles(values))
                            .map(value -> value * value)
                            .average()
                            .orElseThrow())
                    .isCloseTo(limit * limit / 3, within(.15 * limit * limit / 3 + 1e-12));
        }
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }
}
