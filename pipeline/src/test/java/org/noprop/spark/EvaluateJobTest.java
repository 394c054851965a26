package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.evaluation.Accuracy;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.FigureJson;
import org.noprop.evaluation.MemoryComparison;
import org.noprop.evaluation.MemoryPair;
import org.noprop.evaluation.SubjectMemory;
import org.noprop.evaluation.plan.Cluster;
import org.noprop.evaluation.plan.ClusterPlan;
import org.noprop.evaluation.plan.StepTimes;
import org.noprop.evaluation.plan.Workload;
import org.noprop.inference.ImageRows;
import org.noprop.inference.InferenceSettings;
import org.noprop.inference.Predictor;
import org.noprop.inference.RunModels;
import org.noprop.inference.TableRows;
import org.noprop.inference.TimeSettings;
import org.noprop.label.HeadSettings;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.NativeBackend;

/** The evaluation of one small run that all tests share, and the controls that a leak of labels would fail. */
class EvaluateJobTest {
    private static final Method METHOD = new Method.Discrete(NoiseSchedule.cosine(3), .1, 30);
    /** Without effect in discrete time. */
    private static final TimeSettings TIME = new TimeSettings(1, TimeSettings.Sampler.EULER);

    private static final int CLASSES = 10;
    private static final InferenceSettings SETTINGS = new InferenceSettings(1, 1, 2, 100);

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static RunFolder run;
    private static SparkSession session;
    private static EvaluateJob.Evaluated evaluated;

    @BeforeAll
    static void trainAndEvaluate() {
        small = new SmallRun(folder, "baseline.networks=[blocks, mlp]", "training.keep-every=1");
        session = LocalSpark.withCores(2);
        small.preprocess(session);
        run = small.folder(session, "evaluated");
        new TrainBlocksJob(session, small.config(), run).run(false);
        new TrainBaselineJob(session, small.config(), run).run(false);
        run.writeText("profile/memory.json", FigureJson.text(memory()));
        run.writeText("profile/plan.json", FigureJson.text(plan()));
        evaluated = new EvaluateJob(session, small.config(), run).run(false);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void allModelsHaveLearnt() {
        assertThat(evaluated.result().noprop().mean()).isGreaterThan(0.5);
        assertThat(evaluated.result().baselines())
                .hasSize(2)
                .allSatisfy(baseline -> assertThat(baseline.accuracy().mean()).isGreaterThan(0.25));
        assertThat(evaluated.result().testRows()).isEqualTo(200);
        assertThat(evaluated.result().chainByStep()).hasSize(3);
        assertThat(evaluated.result().blocksAlone()).hasSize(3);
    }

    @Test
    void metricsHaveTheThreeTermsOfTheObjectiveAndTheirSum() throws IOException {
        JsonNode objective = new ObjectMapper()
                .readTree(run.readText("evaluation/metrics.json"))
                .get("objective");

        double head = objective.get("head-cross-entropy").asDouble();
        double kl = objective.get("kl-to-prior").asDouble();
        double denoising = objective.get("denoising").asDouble();
        assertThat(head).isPositive();
        assertThat(kl).isPositive();
        assertThat(denoising).isPositive();
        assertThat(objective.get("total").asDouble()).isCloseTo(head + kl + denoising, within(1e-9));
    }

    @Test
    void testRowsThatDoNotFitTheCacheAreStreamedToTheSameFigures() {
        EvaluateJob.Evaluated streamed = new EvaluateJob(session, small.config("training.cache=10 kB"), run).run(true);

        assertThat(streamed.result()).usingRecursiveComparison().isEqualTo(evaluated.result());
    }

    @Test
    void theChainAndTheBaselinesHaveTheirLearningCurveOnTheValidationSplit() throws IOException {
        JsonNode learning = new ObjectMapper()
                .readTree(run.readText("evaluation/metrics.json"))
                .get("learning");

        JsonNode noprop = learning.get("noprop-with-a-worker-a-block");
        assertThat(noprop.get("epochs").toString()).isEqualTo("[1,2,3]");
        assertThat(learning.get("baseline").get("epochs")).hasSize(3);
        assertThat(learning.get("baseline-mlp").get("accuracy")).hasSize(3);
        assertThat(noprop.get("accuracy").get(2).asDouble())
                .isGreaterThan(noprop.get("accuracy").get(0).asDouble());
        for (int i = 0; i < 3; i++) {
            assertThat(learning.at("/noprop-on-slots/seconds/" + i).asDouble())
                    .isGreaterThanOrEqualTo(noprop.at("/seconds/" + i).asDouble());
        }
        assertThat(run.readText("report/report.html")).contains("Accuracy over training time");
    }

    @Test
    void theLastPointOfTheCurveIsTheTrainedModel() throws IOException {
        EmbeddingTable validation = table(Split.VALIDATION);
        int[] predictions =
                model().predictWithoutNoise(TableRows.all(validation), 100).predictions();
        double right = IntStream.range(0, predictions.length)
                .filter(row -> predictions[row] == validation.label(row))
                .count();

        assertThat(new ObjectMapper()
                        .readTree(run.readText("evaluation/metrics.json"))
                        .at("/learning/noprop-on-slots/accuracy/2")
                        .asDouble())
                .isCloseTo(right / predictions.length, within(1e-12));
    }

    @Test
    void memoryThatWasMeasuredForTheRunIsInTheMetricsAndTheReport() throws IOException {
        JsonNode metrics = new ObjectMapper().readTree(run.readText("evaluation/metrics.json"));

        assertThat(metrics.get("memory").get("pairs").get(0).get("ratio").asDouble())
                .isEqualTo(0.25);
        assertThat(run.readText("report/report.html")).contains("Memory of training");
    }

    @Test
    void theReportShowsTheImagesOfThePaths() {
        String report = run.readText("report/report.html");

        assertThat(report.split("<img src=\"data:image/png;base64,", -1))
                .hasSize(1 + evaluated.result().evidence().paths().size());
    }

    @Test
    void aPlanThatWasMadeForTheRunIsInTheMetricsAndTheReport() throws IOException {
        JsonNode metrics = new ObjectMapper().readTree(run.readText("evaluation/metrics.json"));

        assertThat(metrics.at("/plan/work/blocks").asInt()).isEqualTo(3);
        assertThat(run.readText("report/report.html")).contains("How long on a cluster");
    }

    private static ClusterPlan plan() {
        return ClusterPlan.of(
                new Workload(3, 1, 1280, 128, 2, 1, 0, 2),
                new StepTimes(1, 0, 10, 2.5, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
                new Cluster(3, 1e6, 0, 0, 1, 0, 1));
    }

    private static MemoryComparison memory() {
        SubjectMemory block = SubjectMemory.of(1_000_000, 0, 1, Map.of());
        SubjectMemory baseline = SubjectMemory.of(3_000_000, 1_000_000, 1, Map.of());
        return new MemoryComparison(32, 4, List.of(new MemoryPair(3, block, baseline)));
    }

    @Test
    void theEvaluationIsWrittenAsTheLayoutSays() {
        Path root = folder.resolve("runs/evaluated");
        for (String file : List.of(
                "evaluation/metrics.json",
                "evaluation/predictions/_SUCCESS",
                "model/model.safetensors",
                "model/model.json",
                "model/README.md",
                "evaluation/accuracy/_SUCCESS",
                "evaluation/confusion/_SUCCESS",
                "evaluation/calibration/_SUCCESS",
                "evaluation/paths/_SUCCESS",
                "report/figures/calibration.svg",
                "report/report.html",
                "baseline/weights.safetensors",
                "baseline-mlp/weights.safetensors",
                "profile/train-baseline.json")) {
            assertThat(root.resolve(file)).isRegularFile();
        }
    }

    @Test
    void theTablesForNotebooksHaveTheFiguresOfTheMetrics() {
        EvaluationResult result = evaluated.result();
        Dataset<Row> accuracy = session.read().parquet(run.path() + "/evaluation/accuracy");
        assertThat(mean(accuracy, "model = 'noprop'")).isCloseTo(result.noprop().mean(), within(1e-12));
        assertThat(mean(accuracy, "model = 'baseline-mlp'"))
                .isCloseTo(result.baselines().get(1).accuracy().mean(), within(1e-12));
        assertThat(mean(accuracy, "model = 'chain' and step = '2'"))
                .isCloseTo(result.chainByStep().get(1).mean(), within(1e-12));
        assertThat(mean(accuracy, "model = 'block-alone' and blocks = 3"))
                .isCloseTo(result.blocksAlone().get(2).mean(), within(1e-12));
        assertThat(mean(accuracy, "model = 'fewer-blocks' and blocks = 3"))
                .isCloseTo(result.noprop().runs().get(0), within(1e-12));
        assertThat(session.read()
                        .parquet(run.path() + "/evaluation/confusion")
                        .where("label = prediction")
                        .agg(functions.sum("rows"))
                        .first()
                        .getLong(0))
                .isEqualTo(Math.round(200 * result.averaged().mean()));
        assertThat(session.read()
                        .parquet(run.path() + "/evaluation/calibration")
                        .groupBy("model")
                        .agg(functions.sum("rows").as("rows"))
                        .where("rows = 200")
                        .count())
                .isEqualTo(3);
        assertThat(session.read().parquet(run.path() + "/evaluation/paths").count())
                .isEqualTo(4L * CLASSES * result.evidence().paths().size());
    }

    private static double mean(Dataset<Row> accuracy, String condition) {
        return accuracy.where(condition).agg(functions.avg("accuracy")).first().getDouble(0);
    }

    @Test
    void storedPredictionsGiveTheReportedAccuracy() {
        long right = session.read()
                .parquet(run.path() + "/evaluation/predictions")
                .where("prediction = label")
                .count();

        assertThat(right / 200.0).isCloseTo(evaluated.result().averaged().mean(), within(1e-12));
    }

    @Test
    void imagesOfPureNoiseScoreAtChance() {
        EmbeddingTable test = test();
        SplittableRandom random = new SplittableRandom(9);
        float[][] noise = new float[test.rows()][test.width()];
        for (float[] image : noise) {
            for (int i = 0; i < image.length; i++) {
                image[i] = (float) random.nextGaussian();
            }
        }
        int[] labels = labels(test);
        ImageRows images = TableRows.all(EmbeddingTable.of(ids(test), labels, noise));

        double accuracy = Accuracy.of(model().predict(images, SETTINGS).predictions(), labels)
                .mean();

        assertThat(accuracy).isCloseTo(1.0 / CLASSES, within(fourStandardErrors(test.rows())));
    }

    @Test
    void permutedTestLabelsScoreAtChance() {
        EmbeddingTable test = test();
        int[] labels = labels(test);
        SplittableRandom random = new SplittableRandom(10);
        for (int i = labels.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = labels[i];
            labels[i] = labels[j];
            labels[j] = swapped;
        }

        int[] predictions = model().predict(TableRows.all(test), SETTINGS).predictions();

        assertThat(Accuracy.of(predictions, labels).mean())
                .isCloseTo(1.0 / CLASSES, within(fourStandardErrors(test.rows())));
    }

    @Test
    void predictionsDoNotDependOnHowRowsAreDividedAmongTasks() {
        EmbeddingTable test = test();
        int[] whole = model().predict(TableRows.all(test), SETTINGS).predictions();
        int[] second = model().predict(new TableRows(test, 120, 80), SETTINGS).predictions();

        for (int row = 0; row < 80; row++) {
            assertThat(second[row]).isEqualTo(whole[120 + row]);
        }
    }

    @Test
    void anEvaluationThatIsThereIsRefusedWithoutResume() {
        assertThatThrownBy(() -> new EvaluateJob(session, small.config(), run).run(false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Run evaluated is evaluated already, see " + run.path()
                        + "/evaluation/metrics.json; give --resume to evaluate it again");
    }

    @Test
    void aDamagedBlockIsNamed() throws IOException {
        Path weights = folder.resolve("runs/evaluated/blocks/block=03/weights.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
        try {
            assertThatThrownBy(() -> new EvaluateJob(session, small.config(), run).run(true))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("Block 3 is damaged: " + run.block(3).path()
                            + "/weights.safetensors does not match its checksum; delete that folder and run"
                            + " train-blocks --resume to train it alone");
        } finally {
            Files.write(weights, bytes);
        }
    }

    @Test
    void embeddingsOfAnotherWidthThanTheModelsAreRefused() {
        RunModels narrower = new RunModels(run, ImagePart.embedding(100), new OneHotEmbedding(CLASSES));
        EmbeddingTable narrow = EmbeddingTable.of(new long[] {1, 2}, new int[] {0, 1}, new float[2][100]);

        assertThatThrownBy(() -> narrower.predictor(METHOD, new HeadSettings.Linear(), TIME)
                        .predict(TableRows.all(narrow), SETTINGS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Block 1 in " + run.block(1).path()
                        + " does not fit image embeddings of width 100 and 10 classes (")
                .hasMessageEndingWith("); give the embeddings that it was trained on, or train it again");
    }

    @Test
    void theLatestRunOfTheConfigurationIsTheOneToEvaluate() {
        Runs runs = new Runs(session, small.config(), List.of(), Map.of());

        assertThat(runs.forEvaluation(Optional.empty()).id()).isEqualTo("evaluated");
    }

    @Test
    void aConfigurationWithoutARunSaysWhatToDo() {
        Runs runs = new Runs(session, small.config("training.learning-rate=0.5"), List.of(), Map.of());

        assertThatThrownBy(() -> runs.forEvaluation(Optional.empty()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is no run of small with these settings in " + folder.resolve("runs")
                        + " to evaluate; run train-blocks first, or name one with --run-id");
    }

    private static Predictor model() {
        NativeBackend.load();
        return new RunModels(run, ImagePart.embedding(28 * 28), new OneHotEmbedding(CLASSES))
                .predictor(METHOD, new HeadSettings.Linear(), TIME);
    }

    private static EmbeddingTable test() {
        return table(Split.TEST);
    }

    private static EmbeddingTable table(Split split) {
        return EmbeddingFolder.open(
                        new Configuration(), folder.resolve("embeddings").toString())
                .read(split);
    }

    private static int[] labels(EmbeddingTable table) {
        int[] labels = new int[table.rows()];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = table.label(row);
        }
        return labels;
    }

    private static long[] ids(EmbeddingTable table) {
        long[] ids = new long[table.rows()];
        for (int row = 0; row < ids.length; row++) {
            ids[row] = table.id(row);
        }
        return ids;
    }

    private static double fourStandardErrors(int rows) {
        double chance = 1.0 / CLASSES;
        return 4 * Math.sqrt(chance * (1 - chance) / rows);
    }
}
