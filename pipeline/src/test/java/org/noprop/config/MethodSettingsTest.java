package org.noprop.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that do not go with the method. */
class MethodSettingsTest {
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
                "dt | diffusion.schedule | trained | must be cosine, linear or equal-mass",
                "ct | diffusion.schedule | equal-mass | must be trained, cosine or linear",
                "fm | diffusion.schedule | cosine | must be null",
            })
    void aScheduleOfAnotherMethodIsRefused(String method, String key, String value, String rule) {
        assertThat(presets.problems("", "diffusion.method=" + method, key + "=" + value))
                .containsExactly("Invalid noprop." + key + ": " + value + " (" + rule
                        + " with noprop.diffusion.method = " + method + ") [--set]");
    }

    @Test
    void whatTheMethodHasNoUseForIsRefused() {
        assertThat(presets.problems("", "inference.sampler=heun", "inference.steps=10"))
                .containsExactly(
                        "Invalid noprop.inference.steps: 10 (must be null with noprop.diffusion.method = dt, which has"
                                + " a step a block) [--set]",
                        "Invalid noprop.inference.sampler: heun (must be null with noprop.diffusion.method = dt, whose"
                                + " chain is its sampler) [--set]");
        assertThat(presets.problems(
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
        assertThat(presets.problems("", "diffusion.method=ct", "diffusion.gamma1=-8"))
                .containsExactly("Invalid noprop.diffusion.gamma1: -8 (must be above noprop.diffusion.gamma0 = -7.0)"
                        + " [--set]");
    }

    @Test
    void moreIntervalsThanStepsAreRefused() {
        assertThat(presets.problems("", "diffusion.method=fm", "diffusion.intervals.count=8", "inference.steps=4"))
                .containsExactly(
                        "Invalid noprop.inference.steps: 4 (must be at least noprop.diffusion.intervals.count ="
                                + " 8, so that each block makes a step) [--set]");
    }

    @Test
    void shardsOfBlocksThatShareSomethingAreRefused() {
        String sentence = "Invalid noprop.training.shards: 2 (must be 1 where blocks train label embeddings or their"
                + " schedule together, which are averaged between blocks) [--set]";
        assertThat(presets.problems("", "training.shards=2", "label.embedding=learned"))
                .containsExactly(sentence);
        assertThat(presets.problems("", "training.shards=2", "diffusion.method=ct", "diffusion.intervals.count=2"))
                .containsExactly(sentence);
        assertThat(ConfigReader.read(
                                presets.file(""),
                                List.of("training.shards=2", "label.embedding=learned", "diffusion.method=fm"))
                        .training()
                        .shards())
                .isEqualTo(2);
    }

    @Test
    void intervalsAndFlowNoiseOfDiscreteTimeAreRefused() {
        assertThat(presets.problems("", "diffusion.intervals.count=4", "diffusion.sigma=0.1"))
                .containsExactly(
                        "Invalid noprop.diffusion.sigma: 0.1 (must be 0 with noprop.diffusion.method = dt, whose noise"
                                + " is that of its schedule) [--set]",
                        "Invalid noprop.diffusion.intervals.count: 4 (must be 1 with noprop.diffusion.method = dt,"
                                + " which has a block a step and no intervals) [--set]");
    }

    @Test
    void whatNeedsImagesIsRefusedOverPatches() {
        assertThat(presets.problems(
                        "", "embedding.kind=patches", "label.embedding=prototype", "network.kind=convolutional"))
                .containsExactly(
                        "Invalid noprop.label.embedding: prototype (must be one-hot or learned with"
                                + " noprop.embedding.kind = patches, which gives no images) [--set]",
                        "Invalid noprop.network.kind: convolutional (must be dense with noprop.embedding.kind ="
                                + " patches, which gives no images) [--set]");
    }

    @Test
    void weightsOfEpochsAreNotKeptOfWhatIsAveraged() {
        assertThat(presets.problems("", "training.shards=2", "training.keep-every=1"))
                .containsExactly("Invalid noprop.training.keep-every: 1 (must be null where blocks or shards average"
                        + " between rounds) [--set]");
    }

    @Test
    void dl4jSparkOnGpusIsRefused() {
        assertThat(presets.problems("", "baseline.trainer=dl4j-spark", "resources.device=gpu"))
                .containsExactly("Invalid noprop.baseline.trainer: dl4j-spark (must be local with"
                        + " noprop.resources.device = gpu: dl4j-spark computes on cores) [--set]");
    }

    @Test
    void choosingByImagesThatAreNotSetAsideIsRefused() {
        assertThat(presets.problems(
                        "", "evaluation.split=validation", "training.patience=3", "data.validation-fraction=0"))
                .containsExactly(
                        "Invalid noprop.training.patience: 3 (must be null with noprop.data.validation-fraction = 0,"
                                + " which sets no images aside) [--set]",
                        "Invalid noprop.evaluation.split: validation (must be test with"
                                + " noprop.data.validation-fraction = 0, which sets no images aside) [--set]");
    }
}
