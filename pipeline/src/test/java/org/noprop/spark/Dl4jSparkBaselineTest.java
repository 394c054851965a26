package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.BaselineKind;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;

class Dl4jSparkBaselineTest {
    private static final String BOTH = "baseline.networks=[blocks, mlp]";
    private static final String BY_DL4J_SPARK = "baseline.trainer=dl4j-spark";
    private static final String LARGE_BATCHES = "training.batch-size=128";

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;

    @BeforeAll
    static void preprocess() {
        small = new SmallRun(folder);
        session = LocalSpark.withCores(2);
        small.preprocess(session);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    private static RunFolder run(String id) {
        return new Runs(session, small.config(), List.of(), Map.of()).forBaseline(Optional.of(id), false);
    }

    private static TrainingSummary train(RunFolder run, String... settings) {
        return new TrainBaselineJob(session, small.config(settings), run).run(false);
    }

    @Test
    void oneWorkerThatAveragesAfterEveryBatchGivesTheBitsOfTheLocalBaseline() {
        RunFolder local = run("local");
        RunFolder averaged = run("one-worker");

        train(local, "baseline.epochs=1", LARGE_BATCHES, BOTH);
        train(
                averaged,
                "baseline.epochs=1",
                LARGE_BATCHES,
                BOTH,
                BY_DL4J_SPARK,
                "baseline.workers=1",
                "baseline.average-every=1");

        for (BaselineKind kind : BaselineKind.values()) {
            assertThat(averaged.baseline(kind).weights())
                    .isEqualTo(local.baseline(kind).weights());
            assertThat(averaged.baseline(kind).metrics()).hasSize(1);
            assertThat(averaged.baseline(kind).metrics().get(0)).contains("validation-accuracy");
        }
    }

    @Test
    void twoWorkersLearnAndWhatTheyExchangeIsReported() {
        AtomicLong results = new AtomicLong();
        Set<String> described = Collections.synchronizedSet(new HashSet<>());
        SparkListener counter = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                described.add(job.properties().getProperty("spark.job.description"));
            }

            @Override
            public void onTaskEnd(SparkListenerTaskEnd task) {
                results.addAndGet(task.taskMetrics().resultSize());
            }
        };
        session.sparkContext().addSparkListener(counter);
        RunFolder run = run("two-workers");

        TrainingSummary summary = train(run, BY_DL4J_SPARK, "baseline.average-every=4");
        TaskOutcome outcome = summary.trained().get(0);

        session.sparkContext().removeSparkListener(counter);
        assertThat(described).contains("baseline by dl4j-spark round 1", "baseline by dl4j-spark round 12");
        assertThat(outcome.subject()).isEqualTo("baseline");
        double rows = 900;
        double batches = 2 * 4 * 32;
        assertThat(outcome.figures().get("averaging-rounds")).isEqualTo(3 * Math.ceil(rows / batches));
        double returned = outcome.figures().get("bytes-from-workers");
        assertThat(outcome.figures().get("bytes-to-workers")).isEqualTo(returned);
        assertThat((double) results.get()).as("by Spark's own metrics").isBetween(returned, 1.1 * returned);
        assertThat(outcome.figures().get("validation-accuracy")).isGreaterThan(0.3);
        assertThat(run.has("profile/train-baseline.json")).isTrue();
        assertThat(summary.sentence())
                .matches("train-baseline: 1 trained in [0-9.]+ s; dl4j-spark averaged 12 times, with [0-9.]+ MB to"
                        + " workers and [0-9.]+ MB back");
    }

    @Test
    void aBaselineOfAnotherTrainerIsNotTakenForThisOne() {
        RunFolder run = run("other-trainer");
        train(run, "baseline.epochs=1");
        NoPropConfig other = small.config("baseline.epochs=1", BY_DL4J_SPARK);

        assertThatThrownBy(() -> new TrainBaselineJob(session, other, run).run(true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("The baseline in ")
                .hasMessageContaining(" was trained with other settings or other data");
    }

    @Test
    void rowsThatDoNotFitAnExecutorAreRefused() {
        RunFolder run = run("streamed");
        assertThatThrownBy(() -> train(run, BY_DL4J_SPARK, "training.cache=100 kB", "training.shuffle-buffer=1000"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("noprop.baseline.trainer = dl4j-spark needs the image embeddings in memory;"
                        + " raise noprop.training.cache, or set noprop.baseline.trainer = local");
    }
}
