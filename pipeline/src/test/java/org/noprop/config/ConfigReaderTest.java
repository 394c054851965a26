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
import org.noprop.config.DiffusionConfig.Method;
import org.noprop.config.InferenceConfig.Sampler;
import org.noprop.diffusion.LogNormal;

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
                        new EmbeddingConfig(
                                EmbeddingConfig.Kind.PIXELS,
                                new PatchesConfig(
                                        6,
                                        1,
                                        10,
                                        0.01,
                                        true,
                                        1000,
                                        PatchesConfig.Dictionary.RANDOM,
                                        10,
                                        100_000,
                                        PatchesConfig.Encoding.THRESHOLD,
                                        0.1,
                                        0.4,
                                        2,
                                        true,
                                        10_000,
                                        Optional.empty(),
                                        0,
                                        1),
                                new AugmentationConfig(false, 0, 4)),
                        new LabelConfig(LabelConfig.Embedding.ONE_HOT, 20, LabelConfig.Head.LINEAR, 1),
                        new DiffusionConfig(
                                Method.DT,
                                10,
                                Optional.of(DiffusionConfig.Schedule.COSINE),
                                0.1,
                                30,
                                new DiffusionConfig.Gamma(-7, 7),
                                0,
                                new LogNormal(0, 1.2),
                                new DiffusionConfig.Intervals(1, DiffusionConfig.Cut.EQUAL_TIME, 0.05)),
                        new NetworkConfig(NetworkConfig.Kind.DENSE, List.of(32, 64, 128), .2),
                        training(10, 128),
                        new BaselineConfig(BaselineConfig.Network.BLOCKS, 10, BaselineConfig.Trainer.LOCAL, 2, 5),
                        new ResourcesConfig(
                                Duration.ofMinutes(2),
                                Duration.ofHours(2),
                                ResourcesConfig.Device.CPU,
                                1,
                                1,
                                Optional.empty(),
                                ResourcesConfig.Fallback.NONE),
                        new InferenceConfig(5, 1000, 1000, Optional.empty()),
                        new EvaluationConfig(EvaluationConfig.Split.TEST, 1, 0.1)));
    }

    @Test
    void anOverrideBeatsThePresetAndThePresetTheDefault() throws IOException {
        Path preset = preset("noprop.training { epochs = 3, batch-size = 64 }");
        NoPropConfig config =
                ConfigReader.read(preset, List.of("training.epochs=4", "noprop.run.seed=7", "training.epochs=5"));
        assertThat(config.training()).isEqualTo(training(5, 64));
        assertThat(config.run().seed()).isEqualTo(7);
    }

    private static TrainingConfig training(int epochs, int batchSize) {
        return new TrainingConfig(
                epochs,
                batchSize,
                1e-3,
                TrainingConfig.Schedule.CONSTANT,
                0,
                1e-3,
                0,
                0,
                Optional.empty(),
                TrainingConfig.Optimiser.ADAMW,
                20,
                5,
                1,
                1,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void shardsOfBlocksThatShareSomethingAreRefused() throws IOException {
        String sentence = "Invalid noprop.training.shards: 2 (must be 1 where blocks train label embeddings or their"
                + " schedule together, which are averaged between blocks) [--set]";
        assertThat(problems("", "training.shards=2", "label.embedding=learned")).containsExactly(sentence);
        assertThat(problems("", "training.shards=2", "diffusion.method=ct", "diffusion.intervals.count=2"))
                .containsExactly(sentence);
        assertThat(ConfigReader.read(
                                preset(""),
                                List.of("training.shards=2", "label.embedding=learned", "diffusion.method=fm"))
                        .training()
                        .shards())
                .isEqualTo(2);
    }

    @Test
    void moreIntervalsThanStepsAreRefused() throws IOException {
        assertThat(problems("", "diffusion.method=fm", "diffusion.intervals.count=8", "inference.steps=4"))
                .containsExactly(
                        "Invalid noprop.inference.steps: 4 (must be at least noprop.diffusion.intervals.count ="
                                + " 8, so that each block makes a step) [--set]");
    }

    @Test
    void continuousTimeAndFlowMatchingHaveThePapersDefaults() throws IOException {
        NoPropConfig ct = ConfigReader.read(preset(""), List.of("diffusion.method=ct", "diffusion.intervals.count=4"));
        assertThat(ct.diffusion().schedule()).contains(DiffusionConfig.Schedule.TRAINED);
        assertThat(ct.diffusion().eta()).isEqualTo(1);
        assertThat(ct.diffusion().groups()).isEqualTo(4);
        assertThat(ct.training().optimiser()).isEqualTo(TrainingConfig.Optimiser.ADAM);
        assertThat(ct.inference()).isEqualTo(new InferenceConfig(5, 1000, 1000, Optional.of(Sampler.EULER)));

        NoPropConfig fm = ConfigReader.read(preset(""), List.of("diffusion.method=fm"));
        assertThat(fm.diffusion().schedule()).isEmpty();
        assertThat(fm.diffusion().groups()).isEqualTo(1);
        assertThat(fm.training().optimiser()).isEqualTo(TrainingConfig.Optimiser.ADAM);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dt | diffusion.schedule | trained | must be cosine, linear or equal-mass",
                "ct | diffusion.schedule | equal-mass | must be trained, cosine or linear",
                "fm | diffusion.schedule | cosine | must be null",
            })
    void aScheduleOfAnotherMethodIsRefused(String method, String key, String value, String rule) throws IOException {
        assertThat(problems("", "diffusion.method=" + method, key + "=" + value))
                .containsExactly("Invalid noprop." + key + ": " + value + " (" + rule
                        + " with noprop.diffusion.method = " + method + ") [--set]");
    }

    @Test
    void whatTheMethodHasNoUseForIsRefused() throws IOException {
        assertThat(problems("", "inference.sampler=heun", "inference.steps=10"))
                .containsExactly(
                        "Invalid noprop.inference.steps: 10 (must be null with noprop.diffusion.method = dt, which has"
                                + " a step a block) [--set]",
                        "Invalid noprop.inference.sampler: heun (must be null with noprop.diffusion.method = dt, whose"
                                + " chain is its sampler) [--set]");
        assertThat(problems(
                        "",
                        "diffusion.method=fm",
                        "inference.sampler=ancestral",
                        "diffusion.eta=1",
                        "label.head=posterior"))
                .containsExactly(
                        "Invalid noprop.diffusion.eta: 1 (must be null with noprop.diffusion.method = fm, whose loss"
                                + " has no weight) [--set]",
                        "Invalid noprop.label.head: posterior (must be linear with noprop.diffusion.method = fm and"
                                + " one-hot label embeddings, which have no head to train) [--set]",
                        "Invalid noprop.inference.sampler: ancestral (must be euler or heun with"
                                + " noprop.diffusion.method = fm, which has no noise to draw) [--set]");
        assertThat(problems("", "diffusion.method=ct", "diffusion.gamma1=-8"))
                .containsExactly("Invalid noprop.diffusion.gamma1: -8 (must be above noprop.diffusion.gamma0 = -7.0)"
                        + " [--set]");
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
                "training.average-every | 0 | must be >= 1",
                "training.checkpoint-every | -1 | must be >= 1",
                "training.learning-rate | 0 | must be > 0",
                "training.learning-rate | fast | must be a number",
                "training.learning-rate | NaN | must be a number",
                "training.weight-decay | -0.1 | must be >= 0",
                "baseline.epochs | 0 | must be >= 1",
                "diffusion.blocks | 0 | must be in [1, 492]",
                "diffusion.blocks | 493 | must be in [1, 492]",
                "diffusion.method | ddpm | must be one of dt, ct, fm",
                "diffusion.schedule | sine | must be one of cosine, linear, equal-mass, trained",
                "diffusion.gamma0 | 31 | must be in [-30, 30]",
                "diffusion.intervals.count | 0 | must be in [1, 100]",
                "diffusion.intervals.cut | even | must be one of equal-time, equal-mass",
                "diffusion.intervals.overlap | 1 | must be in [0, 1)",
                "diffusion.sigma | -1 | must be >= 0",
                "diffusion.noise-level.mean | 6 | must be in [-5, 5]",
                "diffusion.noise-level.deviation | 0 | must be in [0.1, 10]",
                "diffusion.eta | 0 | must be > 0",
                "diffusion.snr-weight-cap | 0 | must be > 0",
                "data.kind | minst | must be one of digits, mnist, cifar10, cifar100",
                "data.validation-fraction | 1 | must be in [0, 1)",
                "data.digits.train | 19 | must be >= 20",
                "data.digits.test | 9 | must be >= 10",
                "data.digits.seed | a | must be a whole number",
                "training.patience | 0 | must be >= 1",
                "training.warm-up | 1 | must be in [0, 1)",
                "embedding.kind | fft | must be one of pixels, patches",
                "embedding.augmentation.crops | -1 | must be in [0, 100]",
                "embedding.patches.size | 1 | must be >= 2",
                "embedding.patches.unit-length | 1 | must be true or false",
                "embedding.patches.neighbours | 1.0 | must be < 1",
                "embedding.patches.sample | 999 | must be >= count = 1000",
                "embedding.patches.reduction | 10001 | must be at most rows = 10000 and the 8000 features",
                "embedding.patches.pooling | 300 | must be at most 129 for count = 1000",
                "label.embedding | ONE_HOT | must be one of one-hot, learned, prototype",
                "label.width | 0 | must be >= 1",
                "label.posterior-sigma | 0 | must be > 0",
                "evaluation.collapse-distance | -1 | must be >= 0",
                "label.head | quadratic | must be one of linear, posterior",
                "training.optimiser | lion | must be one of adamw, adam",
                "network.kind | sparse | must be one of dense, convolutional",
                "network.dropout | 1 | must be in [0, 1)",
                "network.channels | 32 | must be a list of whole numbers, each >= 1, at least one",
                "network.channels | [32,0] | must be a list of whole numbers, each >= 1, at least one",
                "network.channels | [] | must be a list of whole numbers, each >= 1, at least one",
                "resources.start-timeout | 0s | must be a duration above zero such as 120s",
                "resources.start-timeout | soon | must be a duration above zero such as 120s",
                "inference.runs | 0 | must be >= 1",
                "inference.batch-size | 0 | must be >= 1",
                "evaluation.split | train | must be one of test, validation",
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
                        "Invalid noprop.diffusion.blocks: 0 (must be in [1, 492]) [x.conf:8]",
                        "Invalid noprop.training.epochs: none (must be a whole number) [x.conf:3]",
                        "Invalid noprop.training.learning-rate: [1,2] (must be a number) [x.conf:4]",
                        "Invalid noprop.training.weight-decay: null (must be a number) [x.conf:5]");
    }

    @Test
    void theMessageHoldsALinePerMistake() {
        assertThat(new InvalidConfigException(List.of("One.", "Two."))).hasMessage("One.\nTwo.");
    }

    @Test
    void theLargestNumberOfBlocksStillHasASchedule() throws IOException {
        NoPropConfig config = ConfigReader.read(preset(""), List.of("diffusion.blocks=492"));
        assertThat(config.diffusion().noiseSchedule().steps()).isEqualTo(492);
        DiffusionConfig oneMore = config.withBlocks(493).diffusion();
        assertThatThrownBy(oneMore::noiseSchedule).isInstanceOf(IllegalArgumentException.class);
    }
}
