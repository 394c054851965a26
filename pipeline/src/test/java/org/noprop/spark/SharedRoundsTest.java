package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.FaultyFileSystem;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.evaluation.SharedFigures;
import org.noprop.tensor.Tensor;
import org.noprop.training.TrainingPlan;

/** Three blocks that train label embeddings and a head together, in three rounds of an epoch. */
class SharedRoundsTest {
    private static final int BLOCKS = 3;
    private static final int ROUNDS = 3;
    private static final int WIDTH = 12;
    private static final int CLASSES = 10;

    private static final FaultyFileSystem FILES = FaultyFileSystem.of("shared-rounds");

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;
    /** Trained on one core; every other run is on two. */
    private static RunFolder oneCore;

    private static RunFolder twoCores;
    private static TrainingSummary summary;

    @BeforeAll
    static void trainOnOneCore() {
        small = new SmallRun(folder, "label.embedding=learned", "label.width=" + WIDTH);
        oneCore = small.train(1, "one-core");
        session = LocalSpark.withCores(2);
        FaultyFileSystem.register(session.sparkContext().hadoopConfiguration());
        twoCores = small.folder(session, "two-cores");
        summary = new TrainBlocksJob(session, small.config(), twoCores).run(false);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void whatIsSharedAndEveryBlockAreBitIdenticalOnTwoCores() {
        assertThat(summary.trained()).hasSize(BLOCKS * ROUNDS);
        assertThat(weights(twoCores)).isEqualTo(weights(oneCore));
    }

    @Test
    void labelEmbeddingsAndHeadHaveMovedAndStandInFoldersOfTheirOwn() {
        Tensor embedding = oneCore.labelEmbedding().weights().get("label-embedding");
        Tensor start = Tensor.matrix(
                CLASSES,
                WIDTH,
                TrainingPlans.of(small.config(), description()).labels().matrix());

        assertThat(embedding.shape()).containsExactly(CLASSES, WIDTH);
        assertThat(embedding).isNotEqualTo(start);
        assertThat(oneCore.head().weights()).containsOnlyKeys("head.bias", "head.weight");
        assertThat(oneCore.schedule().exists()).isFalse();
    }

    /** What blocks share are values and their two moments; files and shuffle add names and shapes. */
    @Test
    void theBytesOfEachRoundAreMeasuredAndAddUp() {
        long values = CLASSES * WIDTH + (WIDTH + 1) * CLASSES;
        long oneWay = 3 * Float.BYTES * values * BLOCKS;
        long together = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            Exchange exchange = summary.exchanged().get("blocks 1-3 round " + round + "/3");
            assertThat(exchange.shuffleReadBytes()).isBetween(oneWay * 9 / 10, oneWay * 2);
            assertThat(exchange.shuffleWriteBytes()).isEqualTo(exchange.shuffleReadBytes());
            assertThat(exchange.averageReadBytes()).isBetween(round == 1 ? 0 : oneWay, round == 1 ? 0 : oneWay * 2);
            together += exchange.shuffleReadBytes() + exchange.averageReadBytes();
        }

        SharedFigures shared =
                new TrainingRecords(twoCores, plan()).facts(Optional.empty()).shared();

        assertThat(shared.exchangedBytes()).isEqualTo(together);
        assertThat(shared.rounds()).isEqualTo(ROUNDS);
    }

    @ParameterizedTest
    @CsvSource({
        "after-round-2, label-embedding/checkpoint-2/weights.safetensors",
        "between-the-parts-of-round-2, head/checkpoint-2/weights.safetensors",
        "between-the-parts-of-the-last-round, head/weights.safetensors",
    })
    void aRunThatStopsWhileItAveragesGoesOnToTheSameBits(String id, String file) {
        NoPropConfig config = small.config("run.dir=" + FILES.path(folder.resolve("stopped")));
        RunFolder stopped = new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.of(id), true);
        FILES.beforeWriting(path -> {
            if (path.contains(file.replace("weights.safetensors", ".weights.safetensors"))) {
                throw new IOException("No space left on device");
            }
        });
        assertThatThrownBy(() -> new TrainBlocksJob(session, config, stopped).run(false))
                .isInstanceOf(GroupFailedException.class)
                .hasMessageStartingWith("Training failed for blocks: ");

        FILES.beforeWriting(path -> {});
        new TrainBlocksJob(session, config, stopped).run(true);

        assertThat(weights(stopped)).isEqualTo(weights(oneCore));
    }

    @Test
    void aBlockThatWasLostCannotBeTrainedAlone() {
        RunFolder lost = small.folder(session, "lost");
        new TrainBlocksJob(session, small.config(), lost).run(false);
        lost.block(2).delete();

        assertThatThrownBy(() -> new TrainBlocksJob(session, small.config(), lost).run(true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The block 2 of run lost cannot be trained alone, because blocks of this run train label"
                        + " embeddings or their schedule together; train a new run");
    }

    @Test
    void labelEmbeddingsThatNearlyCoincideAreWarnedOfByTheirClasses() {
        assertThat(SharedRounds.collapse(oneCore, plan(), description(), 100))
                .hasValueSatisfying(warning -> assertThat(warning)
                        .matches("The label embeddings of \\d and \\d have come as close as [\\d.]+, below"
                                + " noprop.evaluation.collapse-distance = 100.0: what stands for one class cannot be"
                                + " told from what stands for the other"));
        assertThat(SharedRounds.collapse(oneCore, plan(), description(), 0)).isEmpty();
    }

    @Test
    void aFinishedRunIsKept() {
        TrainingSummary summary = new TrainBlocksJob(session, small.config(), oneCore).run(true);

        assertThat(summary.trained()).isEmpty();
    }

    @Test
    void theModelIsEvaluatedWithTheAverages() throws IOException {
        new TrainBaselineJob(session, small.config(), oneCore).run(false);
        EvaluateJob.Evaluated evaluated = new EvaluateJob(session, small.config(), oneCore).run(false);
        JsonNode metrics = new ObjectMapper().readTree(oneCore.readText("evaluation/metrics.json"));

        assertThat(evaluated.result().noprop().mean()).isGreaterThan(0.5);
        assertThat(metrics.path("exchange").path("rounds").asInt()).isEqualTo(ROUNDS);
        assertThat(metrics.path("closest-label-embeddings").path("distance").asDouble())
                .isPositive();
        assertThat(metrics.path("objective").path("total").asDouble()).isFinite();
        assertThat(oneCore.readTensors("model/model.safetensors").get("label-embedding"))
                .isEqualTo(oneCore.labelEmbedding().weights().get("label-embedding"));
        assertThat(oneCore.readText("report/report.html")).contains("averaged what they");
    }

    private static TrainingPlan plan() {
        return TrainingPlans.of(small.config(), description(), oneCore);
    }

    private static EmbeddingDescription description() {
        return EmbeddingFolder.open(
                        new Configuration(), folder.resolve("embeddings").toString())
                .description();
    }

    private static Map<String, SortedMap<String, Tensor>> weights(RunFolder run) {
        Map<String, SortedMap<String, Tensor>> weights = new TreeMap<>();
        for (int step = 1; step <= BLOCKS; step++) {
            weights.put("block " + step, run.block(step).weights());
        }
        weights.put("head", run.head().weights());
        weights.put("label embedding", run.labelEmbedding().weights());
        return weights;
    }
}
