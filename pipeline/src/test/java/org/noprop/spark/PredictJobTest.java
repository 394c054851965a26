package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.NumpyFile;
import org.noprop.Python;
import org.noprop.data.ImageReader;
import org.noprop.data.ImageSource;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.RunLock;
import org.noprop.inference.ModelFolder;

/** The model of one small run, used on image embeddings and images, by Spark and without it. */
class PredictJobTest {
    private static final int IMAGES = 20;

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;
    private static RunFolder run;
    private static String model;
    private static Path images;

    @BeforeAll
    static void trainAndEvaluate() throws IOException {
        small = new SmallRun(folder);
        session = LocalSpark.withCores(2);
        small.preprocess(session);
        run = small.folder(session, "used");
        new TrainBlocksJob(session, small.config(), run).run(false);
        new EvaluateJob(session, small.config(), run).run(false);
        model = run.path() + "/model";
        images = writeImages(Files.createDirectories(folder.resolve("images/all")));
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    /** The first test images as PNG files named by their ids. */
    private static Path writeImages(Path into) throws IOException {
        try (ImageReader reader =
                ImageSources.of(small.config().data()).open(new Configuration(), ImageSource.Part.TEST)) {
            for (int i = 0; i < IMAGES; i++) {
                Files.write(into.resolve(ImageSource.Part.TEST.id(i) + ".png"), PngFiles.png(reader.read(i)));
            }
        }
        return into.getParent();
    }

    @Test
    void embeddingsArePredictedAsTheEvaluationDid() {
        Dataset<Row> predicted =
                predict(folder + "/embeddings/test", "evaluated", 0).orderBy("id");
        List<Row> evaluated = session.read()
                .parquet(run.path() + "/evaluation/predictions")
                .orderBy("id")
                .collectAsList();

        assertThat(predicted.columns())
                .containsExactly("id", "label", "prediction", "probability", "agreement", "error");
        assertThat(predicted.schema().apply("prediction").metadata().getStringArray("classNames"))
                .hasSize(10);
        List<Row> rows = predicted.collectAsList();
        assertThat(rows).hasSameSizeAs(evaluated);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i).getLong(0)).isEqualTo(evaluated.get(i).getLong(0));
            assertThat(rows.get(i).getInt(2)).isEqualTo(evaluated.get(i).getInt(2));
            assertClose(rows.get(i).getList(3), evaluated.get(i).getList(3));
            assertThat(rows.get(i).getFloat(4)).isIn(0f, 0.5f, 1f);
            assertThat(rows.get(i).isNullAt(5)).isTrue();
        }
    }

    @Test
    void imagesOfAFolderOfParquetOfHuggingFaceAndOfBinaryFilesPassThroughTheStoredEmbedder() {
        Map<Long, List<Float>> embedded =
                probabilities(predictWithoutNoise(folder + "/embeddings/test", "stored"), "id");
        Dataset<Row> files = session.read().format("binaryFile").load(images + "/all/*.png");
        files.write().parquet(folder + "/binary-files");
        files.select(
                        functions
                                .struct(files.col("content").as("bytes"), files.col("path"))
                                .as("image"),
                        functions.lit(3).as("label"))
                .write()
                .parquet(folder + "/hugging-face");

        for (String input : List.of(images.toString(), folder + "/binary-files", folder + "/hugging-face")) {
            Dataset<Row> predicted = predictWithoutNoise(
                            input, "of-" + Path.of(input).getFileName())
                    .withColumn(
                            "id",
                            functions
                                    .regexp_extract(functions.col("path"), "(\\d+).png", 1)
                                    .cast("long"));
            Map<Long, List<Float>> found = probabilities(predicted, "id");
            assertThat(found).hasSize(IMAGES);
            found.forEach((id, probabilities) -> assertClose(probabilities, embedded.get(id)));
        }
    }

    @Test
    void damagedImagesAreCountedAndListed() throws IOException {
        Path some = Files.createDirectories(folder.resolve("damaged"));
        Path good = images.resolve("all/" + ImageSource.Part.TEST.id(0) + ".png");
        Files.copy(good, some.resolve("a.png"));
        Files.copy(good, some.resolve("b.png"));
        Files.write(some.resolve("c.png"), "no image".getBytes(StandardCharsets.UTF_8));
        Files.write(some.resolve("d.jpg"), new byte[0]);

        Dataset<Row> predicted = predict(some.toString(), "half", 0.5);
        assertThat(predicted.filter("error is null").count()).isEqualTo(2);
        assertThat(predicted
                        .filter("prediction is null and probability is null and agreement is null")
                        .select("error")
                        .as(org.apache.spark.sql.Encoders.STRING())
                        .collectAsList())
                .containsExactlyInAnyOrder(
                        "neither PNG nor JPEG, GIF, BMP, TIFF or WebP, 8 bytes", "the file is empty");
        assertThatThrownBy(() -> predict(some.toString(), "too-many", 0.4))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "2 of 4 rows of " + some + " are damaged, more than --max-damaged 0.4 allows: path file:")
                .hasMessageContaining("/c.png: neither PNG nor JPEG, GIF, BMP, TIFF or WebP, 8 bytes")
                .hasMessageEndingWith(" (all of them: column error in " + folder + "/too-many)");
    }

    @Test
    void everyImageOfAFolderIsPredictedWhateverItsNameOrCounted() throws IOException {
        Path some = Files.createDirectories(folder.resolve("br [1]"));
        Path good = images.resolve("all/" + ImageSource.Part.TEST.id(0) + ".png");
        for (String name : List.of("a.png", "_c.png", "d.Png", "e:f.png", ".hidden.png")) {
            Files.copy(good, some.resolve(name));
        }
        Files.copy(good, Files.createDirectories(folder.resolve("br 1")).resolve("decoy.png"));

        PredictJob.Summary summary = new PredictJob(
                        session,
                        new PredictJob.Request(model, some.toString(), folder + "/out [1]", Optional.of(0), 0, false))
                .run();

        assertThat(summary.sentence())
                .isEqualTo("Predictions of 4 rows as 1 of 10 classes are in " + folder
                        + "/out [1]; files left out: 1 hidden");
        assertThat(InputTable.parquet(session, List.of(folder + "/out [1]"))
                        .select("path")
                        .as(org.apache.spark.sql.Encoders.STRING())
                        .collectAsList())
                .containsExactlyInAnyOrder(
                        "file:" + some + "/a.png",
                        "file:" + some + "/_c.png",
                        "file:" + some + "/d.Png",
                        "file:" + some + "/e:f.png");
    }

    @Test
    void columnsAndFoldersOfATableArePassedOnOrSaidToBeMissing() {
        session.read()
                .parquet(folder + "/embeddings/test")
                .limit(12)
                .selectExpr("id", "embedding", "label AS `a.label`", "1 AS Prediction", "id % 2 AS day")
                .write()
                .partitionBy("day")
                .parquet(folder + "/daily");

        PredictJob.Summary summary = new PredictJob(
                        session,
                        new PredictJob.Request(
                                model, folder + "/daily", folder + "/of-daily", Optional.empty(), 0, false))
                .run();

        Dataset<Row> predicted = session.read().parquet(folder + "/of-daily");
        assertThat(predicted.columns())
                .containsExactly("id", "a.label", "day", "prediction", "probability", "agreement", "error");
        assertThat(predicted.filter("day = id % 2").count()).isEqualTo(12);
        long classes = predicted.select("prediction").distinct().count();
        assertThat(summary.sentence())
                .isEqualTo("Predictions of 12 rows as " + classes + " of 10 classes are in " + folder
                        + "/of-daily; files left out: 3 hidden, 1 of another kind; without columns of the input: Prediction"
                        + " (the output has its own of this name)");
    }

    @Test
    void embeddingsOfAnotherWidthAreDamaged() {
        session.sql("SELECT 7 AS id, array(1.5D, 2D) AS embedding").write().parquet(folder + "/narrow");

        assertThatThrownBy(() -> predict(folder + "/narrow", "of-narrow", 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(": id 7: an image embedding of 2 values where the model takes 784 (all");
    }

    @Test
    void whatCannotBeUsedIsRefusedInOneSentence() {
        session.sql("SELECT 1 AS id, 'x' AS text").write().parquet(folder + "/foreign");

        assertRefused(
                folder + "/foreign",
                "refused",
                "There is neither a column embedding (numbers), nor image or img (a struct with bytes), nor content (bytes)"
                        + " in " + folder + "/foreign, only [id, text]");
        assertRefused(folder + "/nowhere", "refused", "There is no " + folder + "/nowhere; correct --input");
        assertThatThrownBy(() -> predict(run.path() + "/report", "refused", 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "There are neither Parquet files nor images in " + run.path() + "/report (left out: ")
                .hasMessageEndingWith(" of another kind); correct --input");
        assertRefused(
                images.toString(),
                "images",
                "There is something in " + images + " already; give another --output, or delete it");
        assertThatThrownBy(() -> new PredictJob(
                                session,
                                new PredictJob.Request(
                                        run.path(), images.toString(), folder + "/x", Optional.empty(), 0, false))
                        .run())
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is no model in "
                        + ModelAccess.of(new Configuration(), run.path()).path()
                        + ": no model.json there; give the folder model/ of a run that evaluate has finished");
    }

    @Test
    void anOutputThatAnotherJobIsWritingIsRefused() {
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        String output = folder + "/taken";
        try (RunLock other = RunLock.beside(hadoop, output, "--output", "predict", Duration.ofMinutes(1))) {
            assertThatThrownBy(() -> predict(folder + "/embeddings/test", "taken", 0))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("The folder " + output + " is in use: predict of ")
                    .hasMessageEndingWith("; wait until it ends, or give another --output");
            other.requireHeld();
        }
        assertThat(folder.toFile().list()).noneMatch(name -> name.contains("taken"));
    }

    @Test
    void theSqlFunctionSaysWhatTheJobSays() {
        Map<Long, List<Float>> byJob = probabilities(predict(folder + "/embeddings/test", "by-job", 0), "id");
        PredictFunction.register(session, "classify", model);
        session.read().parquet(folder + "/embeddings/test").limit(30).createOrReplaceTempView("some");

        List<Row> rows = session.sql("SELECT id, classify(id, embedding) AS said FROM some")
                .collectAsList();
        assertThat(rows).hasSize(30);
        for (Row row : rows) {
            assertThat(row.getStruct(1).<Float>getList(1)).isEqualTo(byJob.get(row.getLong(0)));
        }
        assertThat(session.sql("SELECT classify(1, cast(null as array<float>)) AS said")
                        .head()
                        .isNullAt(0))
                .isTrue();
        assertThat(session.sql("SELECT classify(1, array_repeat(0.5, 784)).prediction")
                        .head()
                        .getInt(0))
                .isBetween(0, 9);
    }

    @Test
    void whatIsSaidOfARowDependsOnNoOtherRow() {
        Map<Long, List<Float>> inTwoParts = probabilities(predict(folder + "/embeddings/test", "two", 0), "id");
        session.read()
                .parquet(folder + "/embeddings/test")
                .repartition(7)
                .write()
                .parquet(folder + "/shuffled");

        assertThat(probabilities(predict(folder + "/shuffled", "seven", 0), "id"))
                .isEqualTo(inTwoParts);
    }

    @Test
    void aTaskHoldsOneBatchAtATime() {
        int[] taken = {0};
        List<Row> input = session.read()
                .parquet(folder + "/embeddings/test")
                .selectExpr("id", "id AS noprop_id", "embedding")
                .collectAsList();
        ModelAccess access = ModelAccess.of(new Configuration(), model);
        try (var loaded = access.open()) {
            PredictedRows rows = new PredictedRows(
                    input.stream().peek(row -> taken[0]++).iterator(), new PredictTask.Embeddings(784), loaded, 1, 16);
            for (int row = 0; row < 40; row++) {
                rows.next();
                assertThat(taken[0]).isEqualTo((row / 16 + 1) * 16);
            }
        }
    }

    @Test
    void theModelIsUsedInAProcessThatHasNoSpark() throws IOException, InterruptedException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("spark-"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-opens"))
                .forEach(line::add);
        line.addAll(List.of("org.noprop.inference.PredictWithoutSpark", model));
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(out).endsWith("]\n").contains(Float.toString(zerosWithoutNoise()[0]));
    }

    @Test
    void pythonReadsTheModelToTheSameProbabilities() throws IOException {
        Python python = Python.with("read-model", "numpy==1.26.4", "safetensors==0.5.3");
        List<Row> rows = predictWithoutNoise(folder + "/embeddings/test", "for-python")
                .join(session.read().parquet(folder + "/embeddings/test"), "id")
                .select("probability", "embedding")
                .collectAsList();
        float[][] embeddings = rows.stream().map(row -> floats(row.getList(1))).toArray(float[][]::new);
        Path input = folder.resolve("embeddings.npy");
        Path output = folder.resolve("probabilities.npy");
        NumpyFile.write(input, embeddings);

        python.run(
                Map.of(),
                Path.of("docs", "read_model.py").toAbsolutePath().toString(),
                model,
                input.toString(),
                output.toString());

        float[] found = NumpyFile.read(output);
        assertThat(found).hasSize(rows.size() * 10);
        for (int row = 0; row < rows.size(); row++) {
            float[] expected = floats(rows.get(row).getList(0));
            for (int k = 0; k < 10; k++) {
                assertThat(found[row * 10 + k]).isCloseTo(expected[k], within(1e-5f));
            }
        }
    }

    private static float[] zerosWithoutNoise() {
        ModelFolder read = ModelFolder.read(new Configuration(), model);
        try (var loaded = read.open()) {
            return loaded.predict(
                            new org.noprop.inference.VectorRows(new long[] {1}, new float[][] {new float[784]}), 0)
                    .row(0);
        }
    }

    private static Dataset<Row> predict(String input, String output, double mostDamaged) {
        return predict(input, output, Optional.empty(), mostDamaged);
    }

    private static Dataset<Row> predictWithoutNoise(String input, String output) {
        return predict(input, output, Optional.of(0), 0);
    }

    private static Dataset<Row> predict(String input, String output, Optional<Integer> runs, double mostDamaged) {
        String target = folder + "/" + output;
        new PredictJob(session, new PredictJob.Request(model, input, target, runs, mostDamaged, false)).run();
        return session.read().parquet(target);
    }

    private static void assertRefused(String input, String output, String sentence) {
        assertThatThrownBy(() -> predict(input, output, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(sentence);
    }

    private static Map<Long, List<Float>> probabilities(Dataset<Row> predicted, String id) {
        return predicted.select(id, "probability").collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getLong(0), row -> row.getList(1)));
    }

    private static void assertClose(List<Float> found, List<Float> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int k = 0; k < found.size(); k++) {
            assertThat(found.get(k)).isCloseTo(expected.get(k), within(1e-5f));
        }
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }
}
