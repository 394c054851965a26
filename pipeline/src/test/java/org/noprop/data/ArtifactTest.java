package org.noprop.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.FaultyFileSystem.Operation;
import org.noprop.tensor.Tensor;

class ArtifactTest {
    private static final String SETTINGS = "5e771465";

    @TempDir
    private Path runs;

    private RunFolder run;

    @BeforeEach
    void createRun() {
        run = RunFolder.create(new Configuration(), runs.toString(), "r1");
    }

    @Test
    void aFinishedBlockGivesItsWeightsAndFiguresBack() {
        Artifact block = run.block(3);
        assertThat(block.isFinished()).isFalse();
        List<String> metrics = List.of("{\"epoch\":1}", "{\"epoch\":2}");
        block.finish(new ArtifactState("block", 2, 12, SETTINGS, Map.of("accuracy", 0.5), metrics), weights(7));

        Artifact again = run.block(3);
        assertThat(again.isFinished()).isTrue();
        assertThat(again.weights()).isEqualTo(weights(7));
        assertThat(again.metrics()).containsExactly("{\"epoch\":1}", "{\"epoch\":2}");
        assertThat(again.state().figures()).containsExactly(Map.entry("accuracy", 0.5));
        assertThat(run.readText("blocks/block=03/metrics.jsonl")).isEqualTo("{\"epoch\":1}\n{\"epoch\":2}\n");
        assertThat(again.state().checksums()).containsOnlyKeys("weights.safetensors");
        assertThat(again.path()).isEqualTo(runs + "/r1/blocks/block=03");
    }

    @Test
    void aDamagedBlockIsNamedWithHowToTrainItAlone() throws IOException {
        Artifact block = run.block(3);
        block.finish(state(2), weights(7));
        flipLastByte(file("blocks/block=03/weights.safetensors"));
        assertThatThrownBy(block::weights)
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("Block 3 is damaged: " + runs + "/r1/blocks/block=03/weights.safetensors does not match"
                        + " its checksum; delete that folder and run train-blocks --resume to train it alone");
    }

    @Test
    void damageThatTheFileSystemFindsIsNamedToo() throws IOException {
        Artifact block = run.baseline(BaselineKind.BLOCKS);
        block.finish(state(2), weights(7));
        Path file = file("baseline/weights.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(block::weights)
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("The baseline is damaged: " + runs + "/r1/baseline/weights.safetensors does not match its"
                        + " checksum; delete that folder and run train-baseline --resume to train it alone");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Artifact head = run.head();
        head.finish(state(2), weights(7));
        Files.delete(file("head/weights.safetensors"));
        assertThatThrownBy(head::weights)
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("The head is damaged: " + runs + "/r1/head/weights.safetensors is missing;"
                        + " delete that folder and run train-blocks --resume to train it alone");
    }

    @Test
    void aDamagedStateIsNamed() {
        run.writeText("blocks/block=01/state.json", "{\"name\": ");
        assertThatThrownBy(() -> run.block(1).state())
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("Block 1 is damaged: " + runs + "/r1/blocks/block=01/state.json is not readable;"
                        + " delete that folder and run train-blocks --resume to train it alone");
    }

    /** Of another attempt, which goes on until it notices. */
    @Test
    void linesThatComeAfterTheEndChangeNothing() {
        Artifact block = run.block(12);
        block.finish(new ArtifactState("block", 1, 1, SETTINGS, Map.of(), List.of("{\"loss\":1.5}")), weights(7));
        block.writeMetrics(List.of("{\"loss\":0.5}", "{\"loss\":0.25}"));
        assertThat(block.metrics()).containsExactly("{\"loss\":1.5}");
    }

    @Test
    void damagedMetricsOfABlockThatAnEarlierVersionFinishedAreNamed() {
        Artifact block = run.block(12);
        run.writeText(
                "blocks/block=12/state.json",
                "{\"name\": \"block=12\", \"epoch\": 1, \"epochs\": 1, \"settings\": \"s\", \"figures\": {},"
                        + " \"checksums\": {\"metrics.jsonl\": \"" + Checksums.sha256("1\n".getBytes(UTF_8)) + "\"}}");
        run.writeText("blocks/block=12/metrics.jsonl", "1\n");
        assertThat(block.metrics()).containsExactly("1");
        run.writeText("blocks/block=12/metrics.jsonl", "{\"loss\":0.5}\n");
        assertThatThrownBy(block::metrics)
                .isInstanceOf(DamagedFileException.class)
                .hasMessageStartingWith("Block 12 is damaged: " + runs + "/r1/blocks/block=12/metrics.jsonl does not");
    }

    @Test
    void whatIsNotTrainedSaysSo() {
        assertThatThrownBy(() -> run.block(2).weights())
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Block 2 is not trained: no " + runs + "/r1/blocks/block=02/state.json; run train-blocks");
    }

    @Test
    void theNewestTwoCheckpointsAreKeptAndFinishingDeletesThem() {
        Artifact block = run.block(1);
        for (int epoch = 8; epoch <= 11; epoch++) {
            block.checkpoint(state(epoch), weights(epoch), weights(-epoch));
        }
        assertThat(run.list("blocks/block=01")).containsExactly("checkpoint-10", "checkpoint-11");
        Checkpoint latest = block.latestCheckpoint(SETTINGS).orElseThrow();
        assertThat(latest.state().epoch()).isEqualTo(11);
        assertThat(latest.weights()).isEqualTo(weights(11));
        assertThat(latest.optimiser()).isEqualTo(weights(-11));

        assertThat(block.isFinished()).isFalse();
        block.finish(state(12), weights(12));
        assertThat(run.list("blocks/block=01")).containsExactly("state.json", "weights.safetensors");
    }

    @Test
    void whatAKillLeavesBesideAResultCanBeDeleted() {
        Artifact block = run.block(1);
        block.finish(state(12), weights(12));
        block.checkpoint(state(11), weights(11), weights(-11));
        block.member(new Shard(1, 2)).checkpoint(state(11), weights(11), weights(-11));

        block.deleteCheckpoints();

        assertThat(run.list("blocks/block=01")).containsExactly("state.json", "weights.safetensors");
        assertThat(block.weights()).isEqualTo(weights(12));
    }

    @Test
    void aDamagedCheckpointIsPassedOver() throws IOException {
        Artifact block = run.block(1);
        block.checkpoint(state(1), weights(1), weights(-1));
        block.checkpoint(state(2), weights(2), weights(-2));
        flipLastByte(file("blocks/block=01/checkpoint-2/optimiser.safetensors"));
        assertThat(block.latestCheckpoint(SETTINGS).orElseThrow().state().epoch())
                .isEqualTo(1);
    }

    @Test
    void whatCannotBeReadNowIsNeitherPassedOverNorCalledDamaged() {
        FaultyFileSystem files = FaultyFileSystem.of("artifact");
        Configuration impatient = FaultyFileSystem.settings();
        impatient.set(Retry.SETTING, "0s");
        Artifact block = RunFolder.create(impatient, files.path(runs), "away").block(1);
        block.checkpoint(state(1), weights(1), weights(-1));
        block.checkpoint(state(2), weights(2), weights(-2));
        files.downFor(Duration.ofHours(1));
        assertPasses(() -> block.latestCheckpoint(SETTINGS));
        files.downFor(Duration.ZERO).before((operation, path) -> {
            if (operation == Operation.READ && path.endsWith("checkpoint-2/optimiser.safetensors")) {
                throw new IOException("the data node is away");
            }
        });
        assertPasses(() -> block.latestCheckpoint(SETTINGS));
        files.before((operation, path) -> {});
        assertThat(block.latestCheckpoint(SETTINGS).orElseThrow().state().epoch())
                .isEqualTo(2);

        block.finish(state(2), weights(2));
        files.downFor(Duration.ofHours(1));
        assertPasses(block::weights);
        assertPasses(block::state);
        assertPasses(block::metrics);
    }

    private static void assertPasses(ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOf(UncheckedIOException.class)
                .message()
                .startsWith("Cannot ")
                .doesNotContain("damaged", "delete");
    }

    @Test
    void artifactsAreWholeWhateverFails() {
        FaultyFileSystem files = FaultyFileSystem.of("artifact-faults").failing(0.03, 11);
        RunFolder faulty = RunFolder.create(FaultyFileSystem.settings(), files.path(runs), "faulty");
        for (int t = 1; t <= 3; t++) {
            Artifact block = faulty.block(t);
            for (int epoch = 1; epoch <= 4; epoch++) {
                block.writeMetrics(Collections.nCopies(epoch, "{\"block\":" + t + "}"));
                block.checkpoint(state(epoch), weights(t + epoch), weights(-epoch));
                assertThat(block.latestCheckpoint(SETTINGS).orElseThrow().weights())
                        .isEqualTo(weights(t + epoch));
            }
            block.finish(state(4), weights(t));
            assertThat(block.weights()).isEqualTo(weights(t));
            assertThat(block.metrics()).hasSize(4);
        }
        assertThat(files.faults()).isGreaterThan(10);
    }

    @Test
    void aCheckpointWithoutStateDoesNotCount() throws IOException {
        Artifact block = run.block(1);
        block.checkpoint(state(1), weights(1), weights(-1));
        Files.delete(file("blocks/block=01/checkpoint-1/state.json"));
        assertThat(block.latestCheckpoint(SETTINGS)).isEmpty();
    }

    @Test
    void aCheckpointOfOtherSettingsIsNotUsed() {
        Artifact block = run.block(1);
        block.checkpoint(state(1), weights(1), weights(-1));
        assertThat(block.latestCheckpoint("0ther")).isEmpty();
    }

    @Test
    void metricsAreRewrittenAsAWhole() {
        Artifact block = run.block(1);
        assertThat(block.metrics()).isEmpty();
        block.writeMetrics(List.of("1"));
        block.writeMetrics(List.of("1", "2"));
        assertThat(block.metrics()).containsExactly("1", "2");
        assertThat(run.list("blocks/block=01")).containsExactly("metrics.jsonl");
    }

    private static ArtifactState state(int epoch) {
        return new ArtifactState("block", epoch, 12, SETTINGS, Map.of("accuracy", 0.5));
    }

    private static SortedMap<String, Tensor> weights(float value) {
        return new TreeMap<>(Map.of("w", Tensor.vector(value, value + 1)));
    }

    private Path file(String relative) {
        return runs.resolve("r1").resolve(relative);
    }

    private static void flipLastByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }
}
