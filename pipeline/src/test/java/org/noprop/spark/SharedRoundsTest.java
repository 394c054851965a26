package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.tensor.Tensor;
import org.noprop.training.TrainingPlan;

/** Three blocks that train label embeddings and a head together, in three rounds of an epoch. */
class SharedRoundsTest {
    private static final int BLOCKS = 3;
    private static final int ROUNDS = 3;
    private static final int WIDTH = 12;
    private static final int CLASSES = 10;

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;
    /** Trained on one core; every other test works on two. */
    private static RunFolder oneCore;

    @BeforeAll
    static void trainOnOneCore() {
        small = new SmallRun(folder, "label.embedding=learned", "label.width=" + WIDTH);
        oneCore = small.train(1, "one-core");
        session = LocalSpark.withCores(2);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void whatIsSharedAndEveryBlockAreBitIdenticalOnTwoCores() {
        RunFolder twoCores = small.folder(session, "two-cores");

        TrainingSummary summary = new TrainBlocksJob(session, small.config(), twoCores).run(false);

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

    @Test
    void theBytesOfARoundAreThoseOfTheSharedTensorsAndTheirMoments() {
        long values = CLASSES * WIDTH + (WIDTH + 1) * CLASSES;
        long oneWay = 3 * Float.BYTES * values * BLOCKS;

        assertThat(new TrainingRecords(oneCore, plan()).facts().shared().exchangedBytes())
                .isEqualTo((ROUNDS + (ROUNDS - 1)) * oneWay);
        assertThat(new TrainingRecords(oneCore, plan()).facts().shared().rounds())
                .isEqualTo(ROUNDS);
    }

    /** What a driver leaves behind that dies when all blocks have made round 2 and it has averaged round 1. */
    @Test
    void aRunThatStoppedBetweenRoundsGoesOnToTheSameBits() {
        RunFolder stopped = small.folder(session, "stopped");
        TrainingJob training = new TrainingJob(session, small.config(), stopped, "train-blocks");
        assertThatThrownBy(() -> training.train(blocks(), false, round -> {
                    if (round.number() == 2) {
                        throw new IllegalStateException("stopped after round 2");
                    }
                }))
                .hasMessage("stopped after round 2");
        assertThat(stopped.block(1).isFinished()).isFalse();

        new TrainBlocksJob(session, small.config(), stopped).run(true);

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

    private static List<Subject> blocks() {
        return IntStream.rangeClosed(1, BLOCKS).mapToObj(Subject::block).toList();
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
