package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.tensor.Tensor;

class RunFolderTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Instant START = Instant.parse("2025-03-01T10:00:00Z");

    private final Configuration hadoop = new Configuration();

    @TempDir
    private Path runs;

    @Test
    void theRecordComesBackAsItWasWritten() {
        RunRecord record = record("a", "quickstart", START);
        create(record);
        RunFolder opened = RunFolder.open(hadoop, runs.toString(), "a");
        assertThat(opened.record()).isEqualTo(record);
        assertThat(opened.readText("run.json"))
                .contains("\"started\" : \"2025-03-01T10:00:00Z\"", "\"status\" : \"running\"");
        assertThat(opened.path()).isEqualTo(runs + "/a");
    }

    @Test
    void updatingReplacesTheRecord() {
        RunFolder run = create(record("a", "quickstart", START));
        run.update(run.record().with(RunRecord.Status.FINISHED, START.plusSeconds(5)));
        assertThat(run.record().status()).isEqualTo(RunRecord.Status.FINISHED);
        assertThat(run.record().updated()).isEqualTo("2025-03-01T10:00:05Z");
        assertThat(run.list(".")).containsExactly("run.json");
    }

    @Test
    void aRunOfTheSameNameIsRefused() {
        create(record("a", "quickstart", START));
        assertThatThrownBy(() -> RunFolder.create(hadoop, runs.toString(), "a"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is a run a in " + runs
                        + " already; give --resume to go on with it, or another --run-id");
    }

    @Test
    void aMissingRunIsNamed() {
        assertThatThrownBy(() -> RunFolder.open(hadoop, runs.toString(), "b"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is no run b in " + runs + "; look there for the names of runs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../a", "a/b", "-a", "a b"})
    void aNameThatIsNoRunIdIsRefused(String id) {
        assertThatThrownBy(() -> RunFolder.open(hadoop, runs.toString(), id))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Invalid run id " + id + ": it must start with a letter or digit and go on with at most"
                        + " 127 of those, '.', '_' and '-'");
    }

    @Test
    void aDamagedRecordIsNamed() {
        RunFolder run = create(record("a", "quickstart", START));
        run.writeText("run.json", "{\"id\": \"a\"}");
        assertThatThrownBy(run::record)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot read " + runs + "/a/run.json: it is damaged or of another version"
                        + " (missing key configuration)");
    }

    @Test
    void theLatestRunIsThatOfTheConfigurationStartedLast() {
        create(record("z-old", "quickstart", START));
        create(record("new", "quickstart", START.plusSeconds(9)));
        create(record("other", "mnist", START.plusSeconds(20)));
        RunFolder.create(hadoop, runs.toString(), "empty").writeText("note.txt", "no record");
        assertThat(latest("quickstart")).isEqualTo("new");
        assertThat(latest("mnist")).isEqualTo("other");
        assertThat(latest("cifar")).isEqualTo("none");
        assertThat(RunFolder.latest(
                                hadoop,
                                runs.toString(),
                                record -> record.configuration().equals("quickstart"),
                                run -> run.id().equals("z-old"))
                        .map(RunFolder::id))
                .contains("z-old");
    }

    @Test
    void aRunWhoseRecordIsDamagedKeepsNobodyFromTheOthers() {
        create(record("old", "quickstart", START));
        create(record("sound", "quickstart", START.plusSeconds(9)));
        RunFolder.create(hadoop, runs.toString(), "damaged").writeText("run.json", "{");
        assertThat(latest("quickstart")).isEqualTo("sound");
    }

    @Test
    void ofManyWhoMakeARunOneDoesAndTheOthersFindItWhole() {
        List<String> made = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> makers = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    if (RunFolder.make(hadoop, runs.toString(), "r1", MINUTE, run -> {
                        run.writeText("config/maker", "maker " + i);
                        return record("r1", "maker " + i, START);
                    })) {
                        made.add("maker " + i);
                    }
                    RunFolder run = RunFolder.open(hadoop, runs.toString(), "r1");
                    assertThat(run.record().configuration()).isEqualTo(run.readText("config/maker"));
                }))
                .toList();
        makers.forEach(CompletableFuture::join);
        RunFolder run = RunFolder.open(hadoop, runs.toString(), "r1");
        assertThat(made).containsExactly(run.record().configuration());
        assertThat(run.list(".")).containsExactly("config", "run.json");
    }

    @Test
    void thereIsNoLatestRunWhereThereAreNone() {
        assertThat(RunFolder.latest(hadoop, runs + "/nowhere", record -> true, run -> true))
                .isEmpty();
    }

    @Test
    void tensorsAndTextsGoAndComeBack() {
        RunFolder run = create(record("a", "quickstart", START));
        run.writeTensors("model/model.safetensors", new TreeMap<>(Map.of("w", Tensor.vector(1, 2))));
        run.writeText("config/effective.conf", "näme = 1\n");
        assertThat(run.readTensors("model/model.safetensors")).containsEntry("w", Tensor.vector(1, 2));
        assertThat(run.readText("config/effective.conf")).isEqualTo("näme = 1\n");
        assertThat(run.list(".")).containsExactly("config", "model", "run.json");
        run.deleteTensors("model");
        assertThat(run.has("model")).isFalse();
    }

    private String latest(String configuration) {
        return RunFolder.latest(
                        hadoop,
                        runs.toString(),
                        record -> record.configuration().equals(configuration),
                        run -> true)
                .map(RunFolder::id)
                .orElse("none");
    }

    private RunFolder create(RunRecord record) {
        RunFolder run = RunFolder.create(hadoop, runs.toString(), record.id());
        run.update(record);
        return run;
    }

    private static RunRecord record(String id, String configuration, Instant started) {
        return new RunRecord(
                id,
                configuration,
                "c0ffee",
                42,
                "f1n9e7",
                RunRecord.Status.RUNNING,
                started,
                started,
                Map.of("backend", "cpu", "host", "here"));
    }
}
