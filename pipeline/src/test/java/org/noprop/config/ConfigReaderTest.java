package org.noprop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    @TempDir
    Path folder;

    private Path preset(String text) throws IOException {
        return Files.writeString(folder.resolve("x.conf"), text);
    }

    private List<String> problems(String text, String... overrides) throws IOException {
        Path preset = preset(text);
        InvalidConfigException e =
                catchThrowableOfType(InvalidConfigException.class, () -> ConfigReader.read(preset, List.of(overrides)));
        assertThat(e).as("the exception for %s %s", text, List.of(overrides)).isNotNull();
        return e.problems().stream()
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }

    @Test
    void anEmptyPresetGivesTheDefaults() throws IOException {
        NoPropConfig config = ConfigReader.read(preset(""), List.of());
        assertThat(config)
                .isEqualTo(new NoPropConfig(
                        new RunConfig("x", "runs", 1, Duration.ofMinutes(1)),
                        new DataConfig(
                                DataConfig.Kind.DIGITS,
                                Optional.empty(),
                                "data/embeddings/x",
                                0.1,
                                new DataConfig.Digits(8000, 2000, 1)),
                        new EmbeddingConfig(EmbeddingConfig.Kind.PIXELS),
                        new LabelConfig(LabelConfig.Embedding.ONE_HOT, LabelConfig.Head.LINEAR),
                        new DiffusionConfig(10, DiffusionConfig.Schedule.COSINE, 0.1, 30),
                        new NetworkConfig(NetworkConfig.Kind.DENSE, List.of(32, 64, 128), .2),
                        new TrainingConfig(
                                10,
                                128,
                                1e-3,
                                TrainingConfig.Schedule.CONSTANT,
                                1e-3,
                                20,
                                5,
                                1,
                                1,
                                Optional.empty(),
                                Optional.empty()),
                        new BaselineConfig(10, BaselineConfig.Trainer.LOCAL, 2, 5),
                        new ResourcesConfig(
                                Duration.ofMinutes(2),
                                Duration.ofHours(2),
                                ResourcesConfig.Device.CPU,
                                1,
                                1,
                                Optional.empty(),
                                ResourcesConfig.Fallback.NONE),
                        new InferenceConfig(5, 1000),
                        new EvaluationConfig(1)));
    }

    @Test
    void anOverrideBeatsThePresetAndThePresetTheDefault() throws IOException {
        Path preset = preset("noprop.training { epochs = 3, batch-size = 64 }");
        NoPropConfig config =
                ConfigReader.read(preset, List.of("training.epochs=4", "noprop.run.seed=7", "training.epochs=5"));
        assertThat(config.training())
                .isEqualTo(new TrainingConfig(
                        5,
                        64,
                        1e-3,
                        TrainingConfig.Schedule.CONSTANT,
                        1e-3,
                        20,
                        5,
                        1,
                        1,
                        Optional.empty(),
                        Optional.empty()));
        assertThat(config.run().seed()).isEqualTo(7);
    }

    @Test
    void theBaselineTrainsAsLongAsTheBlocksUnlessItIsTold() throws IOException {
        Path preset = preset("noprop.training.epochs = 3");
        assertThat(ConfigReader.read(preset, List.of()).baseline().epochs()).isEqualTo(3);
        assertThat(ConfigReader.read(preset, List.of("baseline.epochs=8"))
                        .baseline()
                        .epochs())
                .isEqualTo(8);
    }

    @Test
    void anOverridesValueIsTakenAsItIs() throws IOException {
        Path preset = preset("noprop.data.kind = mnist");
        assertThat(ConfigReader.read(preset, List.of("data.path = hdfs://host:8020/a=b # {c}"))
                        .data()
                        .path())
                .contains("hdfs://host:8020/a=b # {c}");
    }

    @Test
    void aPathCanBeBuiltOnAnEnvironmentVariableWithADefault() throws IOException {
        Path preset = preset(
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
    void aMissingIncludeIsNamed() throws IOException {
        assertThat(problems("include required(\"other.conf\")"))
                .containsExactly("Cannot read x.conf: resource not found on classpath: other.conf");
    }

    @Test
    void aSyntaxErrorIsNamedWithItsLine() throws IOException {
        assertThat(problems("noprop {\n  training {\n    epochs = }\n"))
                .containsExactly("Syntax error: Expecting a value but got wrong token: '}' [x.conf:3]");
    }

    @Test
    void aSubstitutionOfNothingIsNamed() throws IOException {
        assertThat(problems("\nnoprop.data.path = ${NOPROP_NO_SUCH_VARIABLE}"))
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
    void anUnknownKeyIsNamedWithTheNearestKnownOne(String unknown, String nearest) throws IOException {
        String advice =
                nearest.isEmpty() ? "; reference.conf lists those that there are" : "; did you mean " + nearest + "?";
        assertThat(problems("\n" + unknown + " = 1"))
                .containsExactly("Unknown key " + unknown + advice + " [x.conf:2]");
    }

    @Test
    void aSectionInThePlaceOfAValueIsNamed() throws IOException {
        assertThat(problems("\nnoprop.training.batch-size.x = 1"))
                .containsExactly("Invalid noprop.training.batch-size: {\"x\":1} (must be a whole number) [x.conf:2]");
    }

    @Test
    void anyLetterLeftOutOfAnyKeyIsUnderstood() throws IOException {
        Random random = new Random(17);
        List<String> keys = List.of(
                "training.epochs", "training.batch-size", "diffusion.blocks", "data.validation-fraction", "run.seed");
        for (int i = 0; i < 40; i++) {
            String key = keys.get(random.nextInt(keys.size()));
            int cut = 1 + random.nextInt(key.length() - 1);
            String typo = key.substring(0, cut) + key.substring(cut + 1);
            if (key.charAt(cut) != '.') {
                assertThat(problems("", typo + "=1"))
                        .containsExactly("Unknown key noprop." + typo + "; did you mean noprop." + key + "? [--set]");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.batch-size | 0 | must be >= 2",
                "training.batch-size | many | must be a whole number",
                "training.batch-size | 1.5 | must be a whole number",
                "training.batch-size | 3000000000 | must be <= 2147483647",
                "training.epochs | 0 | must be >= 1",
                "training.head-epochs | 0 | must be >= 1",
                "training.checkpoint-every | -1 | must be >= 1",
                "training.learning-rate | 0 | must be > 0",
                "training.learning-rate | fast | must be a number",
                "training.learning-rate | NaN | must be a number",
                "training.weight-decay | -0.1 | must be >= 0",
                "baseline.epochs | 0 | must be >= 1",
                "diffusion.blocks | 0 | must be in [1, 492]",
                "diffusion.blocks | 493 | must be in [1, 492]",
                "diffusion.schedule | linear | must be cosine",
                "diffusion.eta | 0 | must be > 0",
                "diffusion.snr-weight-cap | 0 | must be > 0",
                "data.kind | minst | must be one of digits, mnist, cifar10, cifar100",
                "data.validation-fraction | 1 | must be in [0, 1)",
                "data.digits.train | 19 | must be >= 20",
                "data.digits.test | 9 | must be >= 10",
                "data.digits.seed | a | must be a whole number",
                "embedding.kind | fft | must be pixels",
                "label.embedding | ONE_HOT | must be one-hot",
                "label.head | quadratic | must be linear",
                "network.kind | sparse | must be one of dense, convolutional",
                "network.dropout | 1 | must be in [0, 1)",
                "network.channels | 32 | must be a list of whole numbers, each >= 1, at least one",
                "network.channels | [32,0] | must be a list of whole numbers, each >= 1, at least one",
                "network.channels | [] | must be a list of whole numbers, each >= 1, at least one",
                "resources.start-timeout | 0s | must be a duration above zero such as 120s",
                "resources.start-timeout | soon | must be a duration above zero such as 120s",
                "inference.runs | 0 | must be >= 1",
                "inference.batch-size | 0 | must be >= 1",
                "evaluation.baseline-margin | -1 | must be >= 0",
                "run.seed | 1e30 | must be a whole number",
                "run.name | a b | must consist of letters, digits, '.', '_' and '-'",
            })
    void aWrongValueIsNamedWithItsRule(String key, String value, String rule) throws IOException {
        assertThat(problems("", key + "=" + value))
                .containsExactly("Invalid noprop." + key + ": " + value + " (" + rule + ") [--set]");
        assertThat(problems("noprop {\n\n " + key + " = \"" + value + "\"\n}"))
                .containsExactly("Invalid noprop." + key + ": " + value + " (" + rule + ") [x.conf:3]");
    }

    @Test
    void aListIsReadFromPresetAndCommandLine() throws IOException {
        Path preset = preset("noprop.network.channels = [16, 32, 64]");
        assertThat(ConfigReader.read(preset, List.of()).network().channels()).containsExactly(16, 32, 64);
        assertThat(ConfigReader.read(preset, List.of("network.channels = [8, 16]"))
                        .network()
                        .channels())
                .containsExactly(8, 16);
        assertThat(problems("", "network.channels=[8, 16"))
                .containsExactly("Invalid --set network.channels=[8, 16 (must be key=value)");
    }

    @Test
    void anEmptyTextIsRefused() throws IOException {
        assertThat(problems("", "run.dir=")).containsExactly("Invalid noprop.run.dir:  (must not be empty) [--set]");
    }

    @Test
    void aPresetsNameMustServeAsARunsName() throws IOException {
        Path preset = Files.writeString(folder.resolve("my preset.conf"), "");
        assertThatThrownBy(() -> ConfigReader.read(preset, List.of()))
                .hasMessageStartingWith(
                        "Invalid noprop.run.name: my preset (must consist of letters, digits, '.', '_' and '-')");
    }

    @Test
    void publishedDataNeedAPath() throws IOException {
        assertThat(problems("noprop.data.kind = cifar10"))
                .containsExactly("Missing noprop.data.path (the folder of the cifar10 files, such as"
                        + " --set data.path=data/cifar10) [x.conf:1]");
    }

    @Test
    void anOverrideWithoutAValueIsNamed() throws IOException {
        assertThat(problems("", "training.epochs", "=3", "a..b=3"))
                .containsExactly(
                        "Invalid --set training.epochs (must be key=value)",
                        "Invalid --set =3 (must be key=value)",
                        "Invalid --set a..b=3 (must be key=value)");
    }

    @Test
    void everyMistakeIsReportedAtOnce() throws IOException {
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
        assertThat(problems(text, "run.seed=x", "data.kind=mnist"))
                .containsExactly(
                        "Invalid noprop.label: 4 (must be a section, { key = value }) [x.conf:7]",
                        "Unknown key noprop.training.batchsize; did you mean noprop.training.batch-size? [x.conf:2]",
                        "Invalid noprop.run.seed: x (must be a whole number) [--set]",
                        "Missing noprop.data.path (the folder of the mnist files, such as --set data.path=data/mnist)"
                                + " [--set]",
                        "Invalid noprop.training.epochs: none (must be a whole number) [x.conf:3]",
                        "Invalid noprop.training.learning-rate: [1,2] (must be a number) [x.conf:4]",
                        "Invalid noprop.training.weight-decay: null (must be a number) [x.conf:5]",
                        "Invalid noprop.diffusion.blocks: 0 (must be in [1, 492]) [x.conf:8]");
    }

    @Test
    void theMessageHoldsALinePerMistake() {
        assertThat(new InvalidConfigException(List.of("One.", "Two."))).hasMessage("One.\nTwo.");
    }

    @Test
    void theLargestNumberOfBlocksStillHasASchedule() throws IOException {
        NoPropConfig config = ConfigReader.read(preset(""), List.of("diffusion.blocks=492"));
        assertThat(config.diffusion().noiseSchedule().steps()).isEqualTo(492);
        DiffusionConfig oneMore = new DiffusionConfig(493, DiffusionConfig.Schedule.COSINE, 0.1, 30);
        assertThatThrownBy(oneMore::noiseSchedule).isInstanceOf(IllegalArgumentException.class);
    }
}
