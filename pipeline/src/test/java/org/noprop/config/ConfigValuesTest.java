package org.noprop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that break the rule of their setting. */
class ConfigValuesTest {
    @TempDir
    Path folder;

    private Presets presets;

    @BeforeEach
    void inAFolder() {
        presets = new Presets(folder);
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
                "evaluation.require.accuracy | 101 | must be in [0, 100]",
                "evaluation.require.baseline-distance | -1 | must be >= 0",
                "evaluation.require.memory-ratio | 0 | must be > 0",
                "training.head-epochs | 0 | must be >= 1",
                "training.average-every | 0 | must be >= 1",
                "training.checkpoint-every | -1 | must be >= 1",
                "training.learning-rate | 0 | must be > 0",
                "training.learning-rate | fast | must be a number",
                "training.learning-rate | NaN | must be a number",
                "training.weight-decay | -0.1 | must be >= 0",
                "baseline.epochs | 0 | must be >= 1",
                "baseline.micro-batches | 0 | must be >= 1",
                "baseline.networks | cnn | must be a list of blocks, mlp, at least one, each once",
                "baseline.networks | [] | must be a list of blocks, mlp, at least one, each once",
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
                "data.kind | minst | must be one of digits, mnist, cifar10, cifar100, folder, parquet, embeddings",
                "data.validation-fraction | 1 | must be in [0, 1)",
                "data.files.test-fraction | 0 | must be in (0, 1)",
                "data.files.max-damaged | 1.5 | must be in [0, 1]",
                "data.files.size | [28,28] | must be [height, width, channels] with 1 or 3 channels",
                "data.digits.train | 19 | must be >= 20",
                "data.digits.test | 9 | must be >= 10",
                "data.digits.seed | a | must be a whole number",
                "training.patience | 0 | must be >= 1",
                "training.warm-up | 1 | must be in [0, 1)",
                "embedding.kind | fft | must be one of pixels, patches",
                "embedding.augmentation.crops | -1 | must be in [0, 100]",
                "embedding.augmentation.rotation | 181 | must be in [0, 180]",
                "embedding.augmentation.scale | 1 | must be in [0, 1)",
                "embedding.augmentation.shear | -0.1 | must be in [0, 1)",
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
                "network.width | 1 | must be >= 2",
                "network.initialisation | zero | must be one of fan-in, glorot",
                "network.kind | sparse | must be one of dense, convolutional",
                "network.dropout | 1 | must be in [0, 1)",
                "network.channels | 32 | must be a list of whole numbers, each >= 1, at least one",
                "network.channels | [32,0] | must be a list of whole numbers, each >= 1, at least one",
                "network.channels | [] | must be a list of whole numbers, each >= 1, at least one",
                "resources.start-timeout | 0s | must be a duration above zero such as 120s",
                "resources.start-timeout | soon | must be a duration above zero such as 120s",
                "inference.runs | 0 | must be in [1, 10000]",
                "inference.runs | 2147483647 | must be in [1, 10000]",
                "inference.batch-size | 0 | must be >= 1",
                "evaluation.split | train | must be one of test, validation",
                "evaluation.baseline-margin | -1 | must be >= 0",
                "tracking.mlflow | localhost | must be the address of a server such as http://localhost:5000",
                "evaluation.time-to-accuracy | 101 | must be in [0, 100]",
                "training.keep-every | 0 | must be >= 1",
                "run.seed | 1e30 | must be a whole number",
                "run.name | a b | must consist of letters, digits, '.', '_' and '-'",
                "run.name | . | must not consist of dots alone: folders are named after it",
                "run.name | .. | must not consist of dots alone: folders are named after it",
            })
    void aWrongValueIsNamedWithItsRule(String key, String value, String rule) {
        assertThat(presets.problems("", key + "=" + value))
                .containsExactly("Invalid noprop." + key + ": " + value + " (" + rule + ") [--set]");
        assertThat(presets.problems("noprop {\n\n " + key + " = \"" + value + "\"\n}"))
                .containsExactly("Invalid noprop." + key + ": " + value + " (" + rule + ") [x.conf:3]");
    }

    @Test
    void aListIsReadFromPresetAndCommandLine() {
        Path preset = presets.file("noprop.network.channels = [16, 32, 64]");
        assertThat(ConfigReader.read(preset, List.of()).network().channels()).containsExactly(16, 32, 64);
        assertThat(ConfigReader.read(preset, List.of("network.channels = [8, 16]"))
                        .network()
                        .channels())
                .containsExactly(8, 16);
        assertThat(presets.problems("", "network.channels=[8, 16"))
                .containsExactly("Invalid --set network.channels=[8, 16 (must be key=value)");
    }

    @Test
    void anEmptyTextIsRefused() {
        assertThat(presets.problems("", "run.dir="))
                .containsExactly("Invalid noprop.run.dir:  (must not be empty) [--set]");
    }

    @Test
    void aPresetsNameMustServeAsARunsName() throws IOException {
        Path preset = Files.writeString(folder.resolve("my preset.conf"), "");
        assertThatThrownBy(() -> ConfigReader.read(preset, List.of()))
                .hasMessageStartingWith(
                        "Invalid noprop.run.name: my preset (must consist of letters, digits, '.', '_' and '-'; it is that of the preset's file unless set)");
    }

    @Test
    void publishedDataNeedAPath() {
        assertThat(presets.problems("noprop.data.kind = cifar10"))
                .containsExactly("Missing noprop.data.path (the folder of the cifar10 files, such as"
                        + " --set data.path=data/cifar10) [x.conf:1]");
    }

    @Test
    void filesOfOnesOwnNeedAPathAndCannotBeDownloaded() {
        assertThat(presets.problems("noprop.data.kind = folder"))
                .containsExactly("Missing noprop.data.path (the folder of your files, such as"
                        + " --set data.path=data/photos) [x.conf:1]");
        assertThat(presets.problems("noprop.data { kind = parquet, path = x, download = true }"))
                .containsExactly("Invalid noprop.data.download: true (must be false where kind = parquet: these files"
                        + " are your own) [x.conf:1]");
    }

    @Test
    void theLargestNumberOfBlocksStillHasASchedule() {
        NoPropConfig config = ConfigReader.read(presets.file(""), List.of("diffusion.blocks=492"));
        assertThat(config.diffusion().noiseSchedule().steps()).isEqualTo(492);
        DiffusionConfig oneMore = config.withBlocks(493).diffusion();
        assertThatThrownBy(oneMore::noiseSchedule).isInstanceOf(IllegalArgumentException.class);
    }
}
