package org.noprop.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.config.BaselineConfig.Network;
import org.noprop.config.DiffusionConfig.Method;
import org.noprop.config.InferenceConfig.Sampler;
import org.noprop.diffusion.LogNormal;

/** What holds where nothing is set. */
class ConfigDefaultsTest {
    @TempDir
    Path folder;

    private Presets presets;

    @BeforeEach
    void inAFolder() {
        presets = new Presets(folder);
    }

    @Test
    void anEmptyPresetGivesTheDefaults() {
        NoPropConfig config = ConfigReader.read(presets.file(""), List.of());
        assertThat(config)
                .isEqualTo(new NoPropConfig(
                        new RunConfig("x", "runs", 1, Duration.ofMinutes(1)),
                        new DataConfig(
                                DataConfig.Kind.DIGITS,
                                Optional.empty(),
                                false,
                                Optional.empty(),
                                "data/embeddings/x",
                                0.1,
                                new FilesConfig("label", Optional.empty(), 0.1, Optional.empty(), false, 0),
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
                                        false,
                                        10_000,
                                        Optional.empty(),
                                        0,
                                        1),
                                new AugmentationConfig(false, 0, 4, 0, 0, 0)),
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
                        new NetworkConfig(
                                NetworkConfig.Kind.DENSE,
                                256,
                                NetworkConfig.Initialisation.FAN_IN,
                                List.of(32, 64, 128),
                                .2),
                        training(10, 128),
                        new BaselineConfig(
                                List.of(BaselineConfig.Network.BLOCKS), 10, 1, BaselineConfig.Trainer.LOCAL, 2, 5),
                        new ResourcesConfig(
                                Duration.ofMinutes(2),
                                Duration.ofHours(2),
                                ResourcesConfig.Device.CPU,
                                1,
                                1,
                                Optional.empty(),
                                ResourcesConfig.Fallback.NONE),
                        new InferenceConfig(5, 1, 1000, 1000, Optional.empty()),
                        new EvaluationConfig(
                                EvaluationConfig.Split.TEST,
                                1,
                                OptionalDouble.empty(),
                                0.1,
                                new RequireConfig(
                                        OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty())),
                        new TrackingConfig(Optional.empty(), "noprop")));
    }

    @Test
    void anOverrideBeatsThePresetAndThePresetTheDefault() {
        Path preset = presets.file("noprop.training { epochs = 3, batch-size = 64 }");
        NoPropConfig config =
                ConfigReader.read(preset, List.of("training.epochs=4", "noprop.run.seed=7", "training.epochs=5"));
        assertThat(config.training()).isEqualTo(training(5, 64));
        assertThat(config.run().seed()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "data, embeddings/x",
        "./data/, embeddings/x",
        "data/../data, embeddings/x",
        "file:HERE/data, embeddings/x",
        "data/photos, data/embeddings/x",
        "data2, data/embeddings/x",
        "hdfs://host/data, data/embeddings/x"
    })
    void embeddingsLieApartFromTheImagesUnlessTheUserSaysWhere(String path, String embeddings) {
        String given = path.replace("HERE", Path.of("").toAbsolutePath().toString());
        NoPropConfig config =
                ConfigReader.read(presets.file("noprop.data.kind = folder"), List.of("data.path=" + given));
        assertThat(config.data().embeddings()).isEqualTo(embeddings);
    }

    @Test
    void severalBaselinesAreAListAndOneMayStandAlone() {
        assertThat(networks("baseline.networks=[mlp, blocks]")).containsExactly(Network.MLP, Network.BLOCKS);
        assertThat(networks("baseline.networks=mlp")).containsExactly(Network.MLP);
        assertThat(presets.problems("", "baseline.networks=[mlp, mlp]"))
                .containsExactly(
                        "Invalid noprop.baseline.networks: [\"mlp\",\"mlp\"] (must be a list of blocks, mlp, at"
                                + " least one, each once) [--set]");
    }

    private List<Network> networks(String override) {
        return ConfigReader.read(presets.file(""), List.of(override)).baseline().networks();
    }

    @Test
    void theBaselineTrainsAsLongAsTheBlocksUnlessItIsTold() {
        Path preset = presets.file("noprop.training.epochs = 3");
        assertThat(ConfigReader.read(preset, List.of()).baseline().epochs()).isEqualTo(3);
        assertThat(ConfigReader.read(preset, List.of("baseline.epochs=8"))
                        .baseline()
                        .epochs())
                .isEqualTo(8);
    }

    @Test
    void continuousTimeAndFlowMatchingHaveThePapersDefaults() {
        NoPropConfig ct =
                ConfigReader.read(presets.file(""), List.of("diffusion.method=ct", "diffusion.intervals.count=4"));
        assertThat(ct.diffusion().schedule()).contains(DiffusionConfig.Schedule.TRAINED);
        assertThat(ct.diffusion().eta()).isEqualTo(1);
        assertThat(ct.diffusion().groups()).isEqualTo(4);
        assertThat(ct.training().optimiser()).isEqualTo(TrainingConfig.Optimiser.ADAM);
        assertThat(ct.inference()).isEqualTo(new InferenceConfig(5, 1, 1000, 1000, Optional.of(Sampler.EULER)));

        NoPropConfig fm = ConfigReader.read(presets.file(""), List.of("diffusion.method=fm"));
        assertThat(fm.diffusion().schedule()).isEmpty();
        assertThat(fm.diffusion().groups()).isEqualTo(1);
        assertThat(fm.training().optimiser()).isEqualTo(TrainingConfig.Optimiser.ADAM);
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
                Optional.empty(),
                1,
                1,
                Optional.empty(),
                Optional.empty());
    }
}
