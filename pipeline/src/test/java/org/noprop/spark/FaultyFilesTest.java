package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.config.NoPropConfig;
import org.noprop.data.FaultyFileSystem;
import org.noprop.data.RunFolder;
import org.noprop.tensor.Tensor;

/**
 * Whole runs over files of which every operation may fail, but for the writing of single bytes, which clients of file
 * systems buffer: they end with the bits of a run over sound ones.
 */
@Timeout(300)
class FaultyFilesTest {
    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;
    private static Outcome sound;

    /** What a run ends with. */
    private record Outcome(List<SortedMap<String, Tensor>> weights, double accuracy) {}

    @BeforeAll
    static void runOverSoundFiles() {
        small = new SmallRun(
                folder,
                "data.digits.train=150",
                "data.digits.test=40",
                "diffusion.blocks=2",
                "training.epochs=2",
                "training.head-epochs=1",
                "inference.runs=1");
        session = LocalSpark.withCores(2);
        FaultyFileSystem.register(session.sparkContext().hadoopConfiguration());
        sound = run(FaultyFileSystem.of("sound"), "sound");
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @ParameterizedTest
    @CsvSource({"0.005, 1", "0.005, 2", "0.03, 1", "0.03, 2"})
    void aRunWhoseOperationsFailByChanceEndsWithTheSameBits(double rate, long seed) {
        String name = "of-1000-" + Math.round(1000 * rate) + "-seed-" + seed;
        FaultyFileSystem files =
                FaultyFileSystem.of(name).failing(rate, seed).sparing(FaultyFileSystem.Operation.WRITE);

        Outcome outcome = run(files, name);

        assertThat(files.faults()).isPositive();
        assertThat(outcome).isEqualTo(sound);
    }

    @Test
    void aFileSystemThatIsAwayForAWhileIsWaitedFor() {
        FaultyFileSystem files = FaultyFileSystem.of("away");
        files.before((operation, path) -> {
            if (operation == FaultyFileSystem.Operation.CREATE
                    && path.contains("/block=01/checkpoint-1/")
                    && files.faults() == 0) {
                files.downFor(Duration.ofSeconds(3));
            }
        });

        Outcome outcome = run(files, "away");

        assertThat(files.faults()).isPositive();
        assertThat(outcome).isEqualTo(sound);
    }

    @Test
    void slowOperationsChangeNothing() {
        FaultyFileSystem files = FaultyFileSystem.of("slow");
        files.before((operation, path) -> files.taking(Duration.ofMillis(path.contains("metrics.jsonl") ? 200 : 0)));

        assertThat(run(files, "slow")).isEqualTo(sound);
    }

    private static Outcome run(FaultyFileSystem files, String name) {
        NoPropConfig config = small.config(
                "run.dir=" + files.path(folder.resolve(name + "/runs")),
                "data.embeddings=" + files.path(folder.resolve(name + "/embeddings")));
        new PreprocessJob(session, config).run(false);
        RunFolder run = new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.of("run"), false);
        new TrainBlocksJob(session, config, run).run(false);
        double accuracy = new EvaluateJob(session, config, run)
                .run(false)
                .result()
                .noprop()
                .mean();
        List<SortedMap<String, Tensor>> weights = new ArrayList<>();
        weights.add(run.head().weights());
        for (int block = 1; block <= 2; block++) {
            weights.add(run.block(block).weights());
        }
        return new Outcome(weights, accuracy);
    }
}
