package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.config.NoPropConfig;
import org.noprop.data.Artifact;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;
import org.noprop.inference.LoadedModel;
import org.noprop.inference.ModelFolder;
import org.noprop.inference.Predictions;
import org.noprop.inference.TableRows;
import org.noprop.tensor.Tensor;

/** Methods, label embeddings, heads, schedules and samplers, from embeddings to report, on a few hundred digits. */
class MethodRunsTest {
    @TempDir
    static Path folder;

    private static SmallRun small;

    @BeforeAll
    static void preprocess() {
        small = new SmallRun(folder, "label.width=12", "training.epochs=4", "diffusion.blocks=2");
        try (SparkSession session = LocalSpark.withCores(2)) {
            small.preprocess(session);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dt, one-hot, 2, linear, label.head=posterior",
        "dt, learned, 2, equal-mass, ",
        "dt, prototype, 2, cosine, ",
        "ct, one-hot, 1, trained, ",
        "ct, one-hot, 2, linear, inference.sampler=ancestral",
        "ct, learned, 2, trained, label.head=posterior inference.sampler=heun",
        "ct, prototype, 1, cosine, ",
        "fm, one-hot, 2, , diffusion.intervals.cut=equal-mass",
        "fm, learned, 2, , label.head=posterior inference.sampler=heun",
        "fm, prototype, 1, , ",
    })
    void aRunIsTrainedToTheSameBitsOnOneCoreAndOnTwoAndEvaluated(
            String method, String labels, int groups, String schedule, String more) throws IOException {
        List<String> settings = new ArrayList<>(List.of("diffusion.method=" + method, "label.embedding=" + labels));
        if (schedule != null) {
            settings.add("diffusion.schedule=" + schedule);
        }
        if (more != null) {
            settings.addAll(List.of(more.split(" ")));
        }
        if (!method.equals("dt")) {
            settings.addAll(List.of("diffusion.intervals.count=" + groups, "inference.steps=20"));
        }
        NoPropConfig config = small.config(settings.toArray(String[]::new));
        String name = method + "-" + labels + "-" + groups;
        Map<String, SortedMap<String, Tensor>> onOneCore = train(1, config, name + "-1", groups);

        try (SparkSession session = LocalSpark.withCores(2)) {
            RunFolder run = folder(session, config, name + "-2");
            new TrainBlocksJob(session, config, run).run(false);
            assertThat(weights(run, groups)).isEqualTo(onOneCore);

            if (method.equals("dt")) {
                new TrainBaselineJob(session, config, run).run(false);
            }
            EvaluateJob.Evaluated evaluated = new EvaluateJob(session, config, run).run(false);
            assertThat(evaluated.result().noprop().mean()).as(name).isGreaterThan(0.3);
            assertThat(evaluated.result().blocksAlone()).hasSize(groups);
            check(run, config, groups);
            theAssembledModelPredictsTheSame(session, run, config);
        }
    }

    private static void check(RunFolder run, NoPropConfig config, int groups) throws IOException {
        JsonNode metrics = new ObjectMapper().readTree(run.readText("evaluation/metrics.json"));
        boolean trainedLabels = config.label().embedding().isTrained();
        boolean shares = groups > 1 && (trainedLabels || run.schedule().isFinished());

        assertThat(metrics.path("objective").path("total").asDouble()).isFinite();
        assertThat(metrics.path("exchange").path("bytes").asLong() > 0).isEqualTo(shares);
        assertThat(metrics.has("closest-label-embeddings")).isEqualTo(trainedLabels);
        assertThat(metrics.path("training-memory").path("block").asLong()).isPositive();
        assertThat(run.readTensors("model/model.safetensors").containsKey("label-embedding"))
                .isEqualTo(trainedLabels);
        assertThat(run.readText("model/model.json"))
                .contains("NoProp-" + config.diffusion().method());
        assertThat(run.readText("report/report.html"))
                .contains("<h1>NoProp-" + config.diffusion().method());
    }

    private static void theAssembledModelPredictsTheSame(SparkSession session, RunFolder run, NoPropConfig config) {
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        EmbeddingTable test =
                EmbeddingFolder.open(hadoop, config.data().embeddings()).read(Split.TEST);
        List<Row> evaluated = session.read()
                .parquet(run.path() + "/evaluation/predictions")
                .orderBy("id")
                .collectAsList();
        try (LoadedModel model = ModelFolder.read(hadoop, run.path() + "/model").open()) {
            Predictions predictions = model.predict(TableRows.all(test));
            for (int row = 0; row < test.rows(); row++) {
                List<Float> expected = evaluated.get(row).getList(3);
                float[] found = predictions.row(row);
                for (int k = 0; k < found.length; k++) {
                    assertThat(found[k]).isCloseTo(expected.get(k), within(1e-4f));
                }
            }
        }
    }

    private static Map<String, SortedMap<String, Tensor>> train(int cores, NoPropConfig config, String id, int groups) {
        try (SparkSession session = LocalSpark.withCores(cores)) {
            RunFolder run = folder(session, config, id);
            new TrainBlocksJob(session, config, run).run(false);
            return weights(run, groups);
        }
    }

    private static RunFolder folder(SparkSession session, NoPropConfig config, String id) {
        return new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.of(id), true);
    }

    private static Map<String, SortedMap<String, Tensor>> weights(RunFolder run, int groups) {
        Map<String, SortedMap<String, Tensor>> weights = new TreeMap<>();
        for (int block = 1; block <= groups; block++) {
            weights.put("block " + block, run.block(block).weights());
        }
        for (Artifact part : List.of(run.labelEmbedding(), run.head(), run.schedule())) {
            if (part.isFinished()) {
                weights.put(part.name(), part.weights());
            }
        }
        return weights;
    }
}
