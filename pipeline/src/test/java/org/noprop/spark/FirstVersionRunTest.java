package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.noprop.config.ConfigReader;
import org.noprop.config.NoPropConfig;
import org.noprop.data.RunFolder;
import org.noprop.tensor.Tensor;

/** A run that the first version began, stopped in the midst of its second round; its whole twin gave the model. */
class FirstVersionRunTest {
    private static final Path FIRST_VERSION = Path.of("src/test/resources/first-version");
    /** Where it lay, which its settings name. */
    private static final Path PLACE = Path.of("target/first-version");

    @Test
    void itGoesOnToTheModelOfTheFirstVersionAndIsEvaluated() throws IOException {
        copy(FIRST_VERSION.resolve("embeddings"), PLACE.resolve("embeddings"));
        copy(FIRST_VERSION.resolve("run"), PLACE.resolve("runs/stopped"));
        NoPropConfig config = ConfigReader.read(
                "first-version",
                List.of(
                        "run.dir=" + PLACE.resolve("runs"),
                        "data.kind=folder",
                        "data.path=" + PLACE.resolve("images"),
                        "data.embeddings=" + PLACE.resolve("embeddings"),
                        "label.embedding=prototype",
                        "network.width=2",
                        "diffusion.blocks=2",
                        "training.epochs=3",
                        "training.batch-size=8",
                        "training.checkpoint-every=1",
                        "inference.runs=2"));
        try (SparkSession session = LocalSpark.withCores(2)) {
            RunFolder run = new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.of("stopped"), true);
            List<TaskOutcome> trained =
                    new TrainBlocksJob(session, config, run).run(true).trained();
            assertThat(trained).extracting(TaskOutcome::round).containsExactly(2, 2, 3, 3);
            new EvaluateJob(session, config, run).run(false);

            copy(FIRST_VERSION.resolve("model"), PLACE.resolve("runs/stopped/first-model"));
            SortedMap<String, Tensor> expected = run.readTensors("first-model/model.safetensors");
            SortedMap<String, Tensor> found = run.readTensors("model/model.safetensors");
            assertThat(found.keySet()).isEqualTo(expected.keySet());
            found.forEach((name, tensor) -> assertThat(tensor.values())
                    .as(name)
                    .containsExactly(expected.get(name).values(), within(1e-5f)));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
