package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.OptimiserSettings;

/**
 * The parameters of Table 5 of arXiv 2503.24322v2, in millions. They are those of θ_t alone: with a prototype
 * W_Embed, or with the head of 100 one-hot classes, the second decimal would be another. They also say that
 * the second image part, which a prototype goes through, takes the place of the residual layers.
 */
class ParameterCountTest {
    private static final Method DISCRETE = new Method.Discrete(NoiseSchedule.cosine(10), .1, 30);
    private static final OptimiserSettings OPTIMISER = OptimiserSettings.adam(1e-3, 1e-3);

    @ParameterizedTest
    @CsvSource({
        "mnist, one-hot, 0.92", "mnist, learned, 0.92", "mnist, prototype, 1.40",
        "cifar10, one-hot, 1.22", "cifar10, learned, 1.22", "cifar10, prototype, 1.99",
        "cifar100, one-hot, 1.25", "cifar100, learned, 1.23", "cifar100, prototype, 2.00"
    })
    void aBlockInDiscreteTimeHasTheParametersOfThePaper(String data, String kind, String millions) {
        LabelEmbedding labels = labels(data, kind);
        try (Block block = RandomBatches.block(DISCRETE, 1, paper(data), labels, OPTIMISER, 1)) {
            assertThat(millions(block)).isEqualTo(millions);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mnist, one-hot, 0.87", "mnist, learned, 0.87", "mnist, prototype, 1.48",
        "cifar10, one-hot, 1.16", "cifar10, learned, 1.17", "cifar10, prototype, 2.07",
        "cifar100, one-hot, 1.20", "cifar100, learned, 1.18", "cifar100, prototype, 2.08"
    })
    void aBlockInContinuousTimeHasTheParametersOfThePaper(String data, String kind, String millions) {
        TimeIntervals whole = TimeIntervals.equalTime(1, 0);
        Method trained =
                new Method.Continuous(new ContinuousSettings(MonotoneGamma.initial(-7, 7), true, 1, 30), whole);
        Method fixed = new Method.Continuous(
                new ContinuousSettings(new ContinuousSchedule.Linear(-7, 7), false, 1, 30), whole);
        LabelEmbedding labels = labels(data, kind);
        try (Block block = RandomBatches.block(trained, 1, paper(data), labels, OPTIMISER, 1);
                Block flow =
                        RandomBatches.block(new Method.FlowMatching(0, whole), 1, paper(data), labels, OPTIMISER, 1);
                Block withFixedSchedule = RandomBatches.block(fixed, 1, paper(data), labels, OPTIMISER, 1)) {
            assertThat(millions(block)).isEqualTo(millions);
            assertThat(flow.parameters()).isEqualTo(block.parameters());
            assertThat(withFixedSchedule.parameters()).isEqualTo(block.parameters());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 512, 6})
    void aDenseBlocksWidthIsThatOfItsImagePartAndItsFusedLayers(int width) {
        LabelEmbedding labels = new OneHotEmbedding(10);
        long expected = normed(1024, width)
                + normed(10, 256)
                + 2 * normed(256, 256)
                + normed(width + 256, width)
                + normed(width, width / 2)
                + dense(width / 2, 10);
        try (Block block =
                RandomBatches.block(DISCRETE, 1, new ImagePart.Embedding(1024, width), labels, OPTIMISER, 1)) {
            assertThat(block.parameters()).isEqualTo(expected);
        }
    }

    private static long dense(int inputs, int outputs) {
        return (inputs + 1L) * outputs;
    }

    private static long normed(int inputs, int outputs) {
        return dense(inputs, outputs) + 2L * outputs;
    }

    private static String millions(Block network) {
        return String.format(Locale.ROOT, "%.2f", network.parameters() / 1e6);
    }

    private static ImagePart paper(String data) {
        ImageShape shape = data.equals("mnist") ? new ImageShape(28, 28, 1) : new ImageShape(32, 32, 3);
        return new ImagePart.Convolutions(shape, List.of(32, 64, 128), .2);
    }

    private static LabelEmbedding labels(String data, String kind) {
        int classes = data.equals("cifar100") ? 100 : 10;
        int width = paper(data).components();
        return switch (kind) {
            case "one-hot" -> new OneHotEmbedding(classes);
            case "learned" -> LearnedEmbedding.initial(classes, 20, 1);
            default -> new PrototypeEmbedding(classes, width, true, new float[classes * width]);
        };
    }
}
