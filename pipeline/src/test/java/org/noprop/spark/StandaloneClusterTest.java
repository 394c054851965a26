package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.RunFolder;

/** Master and workers in processes of their own, as on a real cluster. */
@Timeout(300)
class StandaloneClusterTest {
    private static final Map<String, String> WAIT_FOR_BOTH =
            Map.of("spark.cores.max", "2", "spark.scheduler.minRegisteredResourcesRatio", "1");

    @TempDir
    Path folder;

    @Test
    void twoWorkersTrainTheSameBlocksAsOneProcess() {
        SmallRun small = new SmallRun(folder, "training.epochs=2", "training.head-epochs=2");
        RunFolder local = small.train(1, "local");
        try (StandaloneCluster cluster = StandaloneCluster.start(folder, 2, 1);
                SparkSession session = cluster.session(WAIT_FOR_BOTH)) {
            RunFolder standalone = small.folder(session, "standalone");

            TrainingSummary summary = new TrainBlocksJob(session, small.config(), standalone).run(false);

            for (int step = 1; step <= 3; step++) {
                assertThat(standalone.block(step).weights())
                        .isEqualTo(local.block(step).weights());
            }
            assertThat(standalone.head().weights()).isEqualTo(local.head().weights());
            assertThat(summary.trained().stream()
                            .map(outcome -> outcome.where().worker())
                            .distinct())
                    .as("workers that trained")
                    .hasSize(2)
                    .allMatch(worker -> worker.startsWith("spark://Worker@"));
        }
    }
}
