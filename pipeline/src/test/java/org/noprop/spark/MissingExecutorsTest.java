package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;

/** Executors and GPUs that are not there: what was asked for and what is there, in one sentence, in time. */
@Timeout(120)
class MissingExecutorsTest {
    @TempDir
    Path folder;

    private SmallRun small;

    @BeforeEach
    void preprocess() {
        small = new SmallRun(folder);
        try (SparkSession session = LocalSpark.withCores(2)) {
            small.preprocess(session);
        }
    }

    @Test
    void executorsWithGpusThatNoWorkerHasEndInOneSentence() {
        Map<String, String> settings = Map.of("spark.executor.cores", "2", "spark.executor.resource.gpu.amount", "1");
        try (SparkSession session = ClusterSpark.start(2, 2, settings)) {
            String master = session.sparkContext().master();
            assertThatThrownBy(() -> train(session, "resources.start-timeout=2s"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("No executor of " + master + " came within 2 s: executors of 2 cores, 1 GPU and 700m of"
                            + " memory were asked for, and there is none; check that its workers have so much free, or"
                            + " raise noprop.resources.start-timeout");
        }
    }

    /** Dynamic allocation starts executors with GPUs for training alone, and here no worker has one. */
    @Test
    void gpusThatTrainingAsksForAndNoWorkerHasEndInOneSentence() {
        Map<String, String> settings = Map.of(
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                "spark.dynamicAllocation.minExecutors", "1",
                "spark.dynamicAllocation.maxExecutors", "2",
                "spark.executor.cores", "1");
        try (SparkSession session = ClusterSpark.start(1, 1, settings)) {
            assertThatThrownBy(() -> train(
                            session,
                            "resources.start-timeout=20s",
                            "resources.gpu-discovery-script=/opt/discover-gpus"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("No task found room within 20 s: a task asks for 1 core and 1 GPU, and there is"
                            + " 1 executor with 1 core; give Spark more, or raise noprop.resources.start-timeout");
        }
    }

    private void train(SparkSession session, String... more) {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.addAll(List.of("resources.device=gpu", "resources.fallback=cpu"));
        NoPropConfig config = small.config(settings.toArray(String[]::new));
        RunFolder run = new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.empty(), false);
        new TrainBlocksJob(session, config, run).run(false);
    }
}
