package org.noprop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How preset, overrides and defaults come together, and what is said of texts that cannot be read. */
class ConfigReaderTest {
    @TempDir
    Path folder;

    private Presets presets;

    @BeforeEach
    void inAFolder() {
        presets = new Presets(folder);
    }

    @Test
    void anOverridesValueIsTakenAsItIs() {
        Path preset = presets.file("noprop.data.kind = mnist");
        assertThat(ConfigReader.read(preset, List.of("data.path = hdfs://host:8020/a=b # {c}"))
                        .data()
                        .path())
                .contains("hdfs://host:8020/a=b # {c}");
    }

    @Test
    void anOverrideCanTakeBackWhatAPresetSays() {
        Path preset =
                presets.file("noprop { diffusion.method = ct, diffusion.schedule = cosine, inference.steps = 100 }");
        NoPropConfig config = ConfigReader.read(
                preset, List.of("diffusion.method=dt", "diffusion.schedule=null", "inference.steps=null"));
        assertThat(config.diffusion().schedule()).contains(DiffusionConfig.Schedule.COSINE);
        assertThat(presets.problems("", "training.epochs=null"))
                .containsExactly("Invalid noprop.training.epochs: null (must be a whole number) [--set]");
    }

    @Test
    void aPathCanBeBuiltOnAnEnvironmentVariableWithADefault() {
        Path preset = presets.file(
                """
                noprop.data {
                  kind = mnist
                  path = data
                  path = ${?NOPROP_NO_SUCH_VARIABLE}
                  path = ${noprop.data.path}/mnist
                }
                """);
        assertThat(ConfigReader.read(preset, List.of()).data().path()).contains("data/mnist");
        assertThat(ConfigReader.read(preset, List.of("data.path=/elsewhere"))
                        .data()
                        .path())
                .contains("/elsewhere");
    }

    @Test
    void aMissingPresetIsNamed() {
        Path missing = folder.resolve("nothing.conf");
        assertThatThrownBy(() -> ConfigReader.read(missing, List.of()))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("Cannot read " + missing
                        + ": there is no such file (--config takes a preset such as conf/quickstart.conf)");
    }

    @Test
    void aMissingIncludeIsNamed() {
        assertThat(presets.problems("include required(\"other.conf\")"))
                .containsExactly("Cannot read x.conf: resource not found on classpath: other.conf");
    }

    @Test
    void presetsIncludeFilesAndNothingFromElsewhere() throws IOException {
        Files.writeString(folder.resolve("base.conf"), "noprop.training.epochs = 7");
        Files.writeString(
                folder.resolve("outer.conf"), "include \"base.conf\"\ninclude file(\"" + folder + "/base.conf\")");
        assertThat(ConfigReader.read(folder.resolve("outer.conf"), List.of())
                        .training()
                        .epochs())
                .isEqualTo(7);
        for (String what : List.of(
                "url(\"http://localhost:1/x.conf\")",
                "\"http://localhost:1/x.conf\"",
                "required(url(\"file:///etc/hostname\"))",
                "classpath(\"reference.conf\")")) {
            Files.writeString(folder.resolve("base.conf"), "include " + what);
            assertThatThrownBy(() -> ConfigReader.read(folder.resolve("outer.conf"), List.of()))
                    .as(what)
                    .isInstanceOf(InvalidConfigException.class)
                    .hasMessageMatching(
                            "Cannot include [^ ]+: settings include files alone, as in include" + " \"other.conf\"");
        }
    }

    @Test
    void aSyntaxErrorIsNamedWithItsLine() {
        assertThat(presets.problems("noprop {\n  training {\n    epochs = }\n"))
                .containsExactly("Syntax error: Expecting a value but got wrong token: '}' [x.conf:3]");
    }

    @Test
    void aSubstitutionOfNothingIsNamed() {
        assertThat(presets.problems("\nnoprop.data.path = ${NOPROP_NO_SUCH_VARIABLE}"))
                .containsExactly("Cannot resolve ${NOPROP_NO_SUCH_VARIABLE}: it is neither a key nor an environment"
                        + " variable [x.conf:2]");
    }

    @ParameterizedTest
    @CsvSource({
        "noprop.training.batchsize, noprop.training.batch-size",
        "noprop.trainin.epochs, noprop.training.epochs",
        "training.epochs, noprop.training.epochs",
        "noprop.batch_size, ''",
        "noprop.learning-rate, noprop.training.learning-rate",
        "noprop.epochs, ''",
        "something.else, ''",
    })
    void anUnknownKeyIsNamedWithTheNearestKnownOne(String unknown, String nearest) {
        String advice =
                nearest.isEmpty() ? "; reference.conf lists those that there are" : "; did you mean " + nearest + "?";
        assertThat(presets.problems("\n" + unknown + " = 1"))
                .containsExactly("Unknown key " + unknown + advice + " [x.conf:2]");
    }

    @Test
    void aSectionInThePlaceOfAValueIsNamed() {
        assertThat(presets.problems("\nnoprop.training.batch-size.x = 1"))
                .containsExactly("Invalid noprop.training.batch-size: {\"x\":1} (must be a whole number) [x.conf:2]");
    }

    @Test
    void anyLetterLeftOutOfAnyKeyIsUnderstood() {
        Random random = new Random(17);
        List<String> keys = List.of(
                "training.epochs", "training.batch-size", "diffusion.blocks", "data.validation-fraction", "run.seed");
        for (int i = 0; i < 40; i++) {
            String key = keys.get(random.nextInt(keys.size()));
            int cut = 1 + random.nextInt(key.length() - 1);
            String typo = key.substring(0, cut) + key.substring(cut + 1);
            if (key.charAt(cut) != '.') {
                assertThat(presets.problems("", typo + "=1"))
                        .containsExactly("Unknown key noprop." + typo + "; did you mean noprop." + key + "? [--set]");
            }
        }
    }

    @Test
    void anOverrideWithoutAValueIsNamed() {
        assertThat(presets.problems("", "training.epochs", "=3", "a..b=3"))
                .containsExactly(
                        "Invalid --set training.epochs (must be key=value)",
                        "Invalid --set =3 (must be key=value)",
                        "Invalid --set a..b=3 (must be key=value)");
    }

    @Test
    void everyMistakeIsReportedAtOnce() {
        String text =
                """
                noprop.training {
                  batchsize = 64
                  epochs = none
                  learning-rate = [1, 2]
                  weight-decay = null
                }
                noprop.label = 4
                noprop.diffusion.blocks = 0
                """;
        assertThat(presets.problems(text, "run.seed=x", "data.kind=mnist"))
                .containsExactly(
                        "Invalid noprop.label: 4 (must be a section, { key = value }) [x.conf:7]",
                        "Unknown key noprop.training.batchsize; did you mean noprop.training.batch-size? [x.conf:2]",
                        "Invalid noprop.run.seed: x (must be a whole number) [--set]",
                        "Missing noprop.data.path (the folder of the mnist files, such as --set data.path=data/mnist)"
                                + " [--set]",
                        "Invalid noprop.diffusion.blocks: 0 (must be in [1, 492]) [x.conf:8]",
                        "Invalid noprop.training.epochs: none (must be a whole number) [x.conf:3]",
                        "Invalid noprop.training.learning-rate: [1,2] (must be a number) [x.conf:4]",
                        "Invalid noprop.training.weight-decay: null (must be a number) [x.conf:5]");
    }

    @Test
    void theMessageHoldsALinePerMistake() {
        assertThat(new InvalidConfigException(List.of("One.", "Two."))).hasMessage("One.\nTwo.");
    }
}
