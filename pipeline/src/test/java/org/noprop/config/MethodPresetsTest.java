package org.noprop.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.config.DiffusionConfig.Method;
import org.noprop.config.LabelConfig.Embedding;
import org.noprop.config.TrainingConfig.Optimiser;

/** There is a preset for each method and label embedding, which says what its name says. */
class MethodPresetsTest {
    private static final Path PRESETS = Path.of("..", "conf");

    @ParameterizedTest
    @CsvSource({
        "digits, digits, 0, 0",
        "paper, mnist, 100, 100",
        "paper, cifar10, 150, 500",
        "paper, cifar100, 150, 1000"
    })
    void everyMethodWithEveryLabelEmbeddingHasItsPreset(
            String folder, String dataset, int discreteEpochs, int otherEpochs) {
        for (Method method : Method.values()) {
            for (Embedding embedding : Embedding.values()) {
                NoPropConfig config =
                        ConfigReader.read(preset(folder, dataset, method, embedding), List.of("data.path=unused"));

                assertThat(config.diffusion().method()).isEqualTo(method);
                assertThat(config.label().embedding()).isEqualTo(embedding);
                assertThat(config.training().optimiser())
                        .isEqualTo(method == Method.DT ? Optimiser.ADAMW : Optimiser.ADAM);
                if (discreteEpochs > 0) {
                    assertThat(config.training().epochs())
                            .isEqualTo(method == Method.DT ? discreteEpochs : otherEpochs);
                    assertThat(config.baseline().epochs()).isEqualTo(discreteEpochs);
                    assertThat(config.diffusion().groups()).isEqualTo(method == Method.DT ? 10 : 1);
                    assertThat(config.inference().steps()).isEqualTo(1000);
                }
            }
        }
    }

    private static Path preset(String folder, String dataset, Method method, Embedding embedding) {
        String name = Settings.kebab(method) + "-" + Settings.kebab(embedding) + ".conf";
        Path path = PRESETS.resolve(folder).resolve(folder.equals("paper") ? dataset + "-" + name : name);
        return Files.exists(path) ? path : PRESETS.resolve(folder).resolve(dataset + ".conf");
    }
}
