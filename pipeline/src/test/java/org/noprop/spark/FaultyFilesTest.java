package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.config.NoPropConfig;
import org.noprop.data.BaselineKind;
import org.noprop.data.DigitSource;
import org.noprop.data.FaultyFileSystem;
import org.noprop.data.ImageSource.Part;
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
    private record Outcome(List<SortedMap<String, Tensor>> weights, double accuracy, List<Row> predictions) {}

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

    /** Of tables and folders Spark itself lists and reads the files. */
    @ParameterizedTest
    @CsvSource({"FOLDER, images", "PARQUET, table", "EMBEDDINGS, rows"})
    void ofFilesThatFailByChanceTheSameEmbeddingsAreMade(String kind, String source) throws IOException {
        writeSources();
        List<Row> right = embeddings(FaultyFileSystem.of("sound-" + kind), kind, source);
        FaultyFileSystem files =
                FaultyFileSystem.of("faulty-" + kind).failing(0.02, 5).sparing(FaultyFileSystem.Operation.WRITE);

        assertThat(embeddings(files, kind, source)).isEqualTo(right).isNotEmpty();

        assertThat(files.faults()).isPositive();
    }

    private static void writeSources() throws IOException {
        if (Files.exists(folder.resolve("images"))) {
            return;
        }
        DigitSource digits = new DigitSource(30, 10, 3);
        PngFiles.write(digits, Part.TRAIN, 30, folder.resolve("images/train"));
        PngFiles.write(digits, Part.TEST, 10, folder.resolve("images/test"));
        Dataset<Row> files = session.read()
                .format("binaryFile")
                .option("recursiveFileLookup", true)
                .load(folder + "/images/*/*/*.png")
                .select(
                        functions.col("content"),
                        functions.expr("element_at(split(path, '/'), -2)").as("label"));
        for (String part : List.of("train", "test")) {
            files.where(functions.col("label").isNotNull()).write().parquet(folder + "/table/" + part);
            session.range(40)
                    .selectExpr(
                            "cast(id % 2 as int) label", "array(cast(id % 2 as float), cast(id as float)) embedding")
                    .write()
                    .parquet(folder + "/rows/" + part);
        }
    }

    private static List<Row> embeddings(FaultyFileSystem files, String kind, String source) {
        Path target = folder.resolve(files.getUri().getHost());
        new PreprocessJob(
                        session,
                        small.config(
                                "data.kind=" + kind.toLowerCase(Locale.ROOT),
                                "data.path=" + files.path(folder.resolve(source)),
                                "data.embeddings=" + files.path(target)))
                .run(false);
        return session.read()
                .parquet(target + "/train", target + "/test")
                .orderBy("id")
                .collectAsList();
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
        new TrainBaselineJob(session, config, run).run(false);
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
        weights.add(run.baseline(BaselineKind.BLOCKS).weights());
        return new Outcome(weights, accuracy, predictions(files, name));
    }

    private static List<Row> predictions(FaultyFileSystem files, String name) {
        Path output = folder.resolve(name + "/predictions");
        new PredictJob(
                        session,
                        new PredictJob.Request(
                                files.path(folder.resolve(name + "/runs/run/model")),
                                files.path(folder.resolve(name + "/embeddings/test")),
                                files.path(output),
                                Optional.empty(),
                                0,
                                false))
                .run();
        return session.read().parquet(output.toString()).orderBy("id").collectAsList();
    }
}
