package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.config.ConfigReader;
import org.noprop.config.EmbeddingConfig;
import org.noprop.config.NoPropConfig;
import org.noprop.data.BaselineKind;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Split;
import org.noprop.nn.Initialisation;
import org.noprop.training.BaselinePlan;
import org.noprop.training.Regularisation;
import org.noprop.training.TrainingPlan;

/** The presets over patch embeddings, and that the paper's presets regularise nothing. */
class PatchPresetsTest {
    @ParameterizedTest
    @CsvSource({
        "mnist, 1024, 5, 512, FAN_IN, false",
        "cifar10, 4096, 10, 256, GLOROT, true",
        "cifar100, 1536, 10, 512, FAN_IN, true"
    })
    void presetsOverPatchEmbeddingsSayWhatTheyAre(
            String name, int components, int blocks, int width, Initialisation initialisation, boolean mirror) {
        NoPropConfig config = read(name);
        assertThat(config.data().kind().name()).isEqualToIgnoringCase(name);
        assertThat(config.embedding().kind()).isEqualTo(EmbeddingConfig.Kind.PATCHES);
        assertThat(config.embedding().patches().reduction()).contains(components);
        assertThat(config.embedding().patches().mirror()).isEqualTo(mirror);
        TrainingPlan plan = TrainingPlans.of(config, data(components, 100));
        assertThat(plan.blocks()).isEqualTo(blocks);
        assertThat(plan.image().width()).isEqualTo(width);
        assertThat(plan.image().initialisation()).isEqualTo(initialisation);
    }

    @ParameterizedTest
    @CsvSource({"paper/mnist", "paper/cifar10", "paper/cifar100"})
    void thePapersPresetsRegulariseNothing(String name) {
        NoPropConfig config = read(name);
        assertThat(config.embedding().augmentation().flip()).isFalse();
        assertThat(config.embedding().augmentation().crops()).isZero();
        assertThat(List.of(
                        config.training().inputDropout(),
                        config.training().labelNoise(),
                        config.training().warmUp()))
                .containsOnly(0.0);
        assertThat(config.training().patience()).isEmpty();
    }

    @Test
    void regularisationReachesBlocksAndBaselineButNotTheHead() {
        String[] settings = {
            "data.path=unused",
            "data.validation-fraction=0.1",
            "diffusion.blocks=3",
            "training.input-dropout=0.25",
            "training.label-noise=0.125",
            "training.warm-up=0.5",
            "training.patience=3",
            "baseline.networks=[blocks, mlp]"
        };
        NoPropConfig config = ConfigReader.read(preset("mnist"), List.of(settings));
        var plan = TrainingPlans.of(config, data(1024, 100));
        Regularisation expected = new Regularisation(0.25, 0.125, 0.5, 3);
        assertThat(plan.block().regularisation()).isEqualTo(expected);
        assertThat(plan.baselines())
                .allSatisfy(baseline ->
                        assertThat(baseline.settings().regularisation()).isEqualTo(expected))
                .extracting(BaselinePlan::kind)
                .containsExactly(BaselineKind.BLOCKS, BaselineKind.MLP);
        assertThat(plan.head().regularisation()).isEqualTo(Regularisation.NONE);
        assertThat(plan.baselines()).extracting(BaselinePlan::blocks).containsExactly(3, 0);
        assertThat(plan.block().fingerprint())
                .isNotEqualTo(
                        TrainingPlans.of(read("mnist"), data(1024, 100)).block().fingerprint());
    }

    @Test
    void patienceWithoutValidationRowsIsRefused() {
        NoPropConfig config = ConfigReader.read(
                preset("mnist"), List.of("data.path=unused", "data.validation-fraction=0.1", "training.patience=3"));
        TrainingPlans.requireValidation(config, data(1024, 100));
        assertThatThrownBy(() -> TrainingPlans.requireValidation(config, data(1024, 0)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("noprop.training.patience needs validation rows, and the image embeddings have none;"
                        + " preprocess with data.validation-fraction above 0, or set training.patience = null");
    }

    private static NoPropConfig read(String preset) {
        return ConfigReader.read(preset(preset), List.of("data.path=unused"));
    }

    private static Path preset(String name) {
        return Path.of("..", "conf", name + ".conf");
    }

    private static EmbeddingDescription data(int width, long validation) {
        List<String> classes = List.of("a", "b", "c");
        return new EmbeddingDescription(
                List.of(width), classes, Map.of(Split.TRAIN, 1000L, Split.VALIDATION, validation), "{}", "print");
    }
}
