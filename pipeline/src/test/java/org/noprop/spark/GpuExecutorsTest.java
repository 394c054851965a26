package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.RunFolder;

class GpuExecutorsTest {
    private static final int BLOCKS = 10;

    @TempDir
    Path folder;

    /** The GPUs are imagined: Spark schedules their addresses, and cores stand in for them. */
    @Test
    void tenBlocksOnTwoWorkersOfTwoGpusUseEveryGpuAndNeverShareOne() throws IOException {
        SmallRun small = new SmallRun(folder);
        NoPropConfig config = small.config(
                "diffusion.blocks=" + BLOCKS, "resources.device=gpu", "resources.fallback=cpu", "training.epochs=2");
        try (SparkSession session = ClusterSpark.start(2, 2, twoGpusAWorker())) {
            new PreprocessJob(session, config).run(false);
            RunFolder run = new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.empty(), false);

            TrainingSummary summary = new TrainBlocksJob(session, config, run).run(false);

            Map<String, List<TaskOutcome>> byGpu = new TreeMap<>();
            for (TaskOutcome outcome : summary.trained()) {
                String gpu =
                        outcome.where().worker() + " gpu " + outcome.where().gpu();
                byGpu.computeIfAbsent(gpu, unseen -> new ArrayList<>()).add(outcome);
            }
            assertThat(byGpu).as("two GPUs on each of two workers").hasSize(4);
            assertThat(byGpu.keySet()).allMatch(gpu -> gpu.matches("spark://Worker@.* gpu [01]"));
            assertThat(byGpu.values()).allSatisfy(GpuExecutorsTest::assertOneAtATime);
            assertThat(summary.trained()).hasSize(BLOCKS + 1);
            assertThat(Files.readString(Path.of(run.path(), "profile", "train-blocks.json")))
                    .contains("\"gpu\" : \"1\"");
        }
    }

    private static void assertOneAtATime(List<TaskOutcome> outcomes) {
        List<TaskOutcome> inTurn = outcomes.stream()
                .sorted(Comparator.comparingLong(outcome -> outcome.where().startMillis()))
                .toList();
        for (int i = 1; i < inTurn.size(); i++) {
            TaskOutcome before = inTurn.get(i - 1);
            long ended = before.where().startMillis() + (long) (1000 * before.seconds());
            assertThat(inTurn.get(i).where().startMillis())
                    .as("%s after %s on one GPU", inTurn.get(i).subject(), before.subject())
                    .isGreaterThanOrEqualTo(ended);
        }
    }

    private Map<String, String> twoGpusAWorker() throws IOException {
        Path script = Files.writeString(
                folder.resolve("discover-gpus"), "#!/bin/sh\necho '{\"name\":\"gpu\",\"addresses\":[\"0\",\"1\"]}'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Map.of(
                "spark.worker.resource.gpu.amount", "2",
                "spark.worker.resource.gpu.discoveryScript", script.toString(),
                "spark.executor.resource.gpu.amount", "2");
    }
}
