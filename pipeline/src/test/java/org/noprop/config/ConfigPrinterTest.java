package org.noprop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigPrinterTest {
    @TempDir
    Path folder;

    private NoPropConfig read(String... overrides) {
        try {
            return ConfigReader.read(Files.writeString(folder.resolve("x.conf"), ""), List.of(overrides));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsPrintedReadsAsTheSameConfiguration() throws IOException {
        NoPropConfig config = read(
                "data.kind=mnist",
                "data.path=hdfs://host/\"mnist\"",
                "training.learning-rate=2e-4",
                "run.seed=-9223372036854775808",
                "evaluation.require.accuracy=98.5",
                "evaluation.require.memory-ratio=0.25",
                "resources.start-timeout=1500ms");
        Path printed = Files.writeString(folder.resolve("printed.conf"), ConfigPrinter.print(config));
        assertThat(ConfigReader.read(printed, List.of())).isEqualTo(config);
    }

    @Test
    void whatIsPrintedHasTheKeysOfTheReference() {
        Config printed = ConfigFactory.parseString(ConfigPrinter.print(read()));
        Config reference = ConfigFactory.parseResources("reference.conf").withOnlyPath("noprop");
        assertThat(keys("", printed.root())).isEqualTo(keys("", reference.root()));
    }

    private static Set<String> keys(String path, ConfigObject object) {
        Set<String> keys = new TreeSet<>();
        object.forEach((key, value) -> {
            if (value instanceof ConfigObject section) {
                keys.addAll(keys(path + key + ".", section));
            } else {
                keys.add(path + key);
            }
        });
        return keys;
    }

    @Test
    void overridesArePrintedBelowNoprop() {
        assertThat(ConfigPrinter.printOverrides(List.of("training.epochs=3", "run.seed=2", "training.epochs=4")))
                .isEqualTo(
                        "noprop {\n    run {\n        seed=\"2\"\n    }\n    training {\n        epochs=\"4\"\n    }\n}\n");
        assertThatThrownBy(() -> ConfigPrinter.printOverrides(List.of("epochs")))
                .hasMessage("Invalid --set epochs (must be key=value)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run.seed=2",
                "data.path=elsewhere",
                "data.embeddings=elsewhere",
                "data.validation-fraction=0.2",
                "data.digits.train=9000",
                "diffusion.blocks=4",
                "label.embedding=learned",
                "diffusion.method=ct",
                "training.optimiser=adam",
                "training.learning-rate=0.002",
                "training.epochs=11"
            })
    void aSettingThatChangesWhatIsTrainedChangesTheHash(String override) {
        assertThat(ConfigPrinter.settingsHash(read(override)))
                .matches("[0-9a-f]{64}")
                .isNotEqualTo(ConfigPrinter.settingsHash(read()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run.dir=elsewhere",
                "baseline.epochs=3",
                "training.keep-every=3",
                "inference.runs=9",
                "evaluation.collapse-distance=0.2",
                "evaluation.baseline-margin=2",
                "evaluation.require.accuracy=99",
                "tracking.mlflow=http://localhost:5000",
                "resources.start-timeout=1s",
                "training.learning-rate=1e-3"
            })
    void aSettingThatDoesNotLeavesIt(String override) {
        assertThat(ConfigPrinter.settingsHash(read(override))).isEqualTo(ConfigPrinter.settingsHash(read()));
    }
}
