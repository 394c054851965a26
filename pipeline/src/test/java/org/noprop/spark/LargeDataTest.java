package org.noprop.spark;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;

class LargeDataTest {
    private static final int MB = 1 << 20;
    private static final int HEAP = 96;
    private static final int NATIVE = 32;
    private static final int WIDTH = 4096;
    private static final int ROWS = 33_000;

    @TempDir
    Path folder;

    @Test
    void anExecutorTrainsOnFourTimesItsWholeMemory() {
        Map<String, String> settings = Map.of(
                "spark.executor.memory",
                HEAP + "m",
                // Spark itself wants 450 MB unless it is told to keep less for itself.
                "spark.testing.reservedMemory",
                String.valueOf(16 * MB),
                "spark.network.maxRemoteBlockSizeFetchToMem",
                "16m",
                "spark.executor.extraJavaOptions",
                "-Dorg.bytedeco.javacpp.maxbytes=" + NATIVE + "m");
        NoPropConfig config = new SmallRun(folder)
                .config(
                        "diffusion.blocks=1",
                        "training.epochs=1",
                        "training.head-epochs=1",
                        "training.shuffle-buffer=1500",
                        "data.validation-fraction=0");
        try (SparkSession session = ClusterSpark.start(1, 1, settings)) {
            EmbeddingDescription data = write(session, config.data().embeddings());
            assertThat(data.bytes(Split.TRAIN)).isGreaterThan(4L * (HEAP + NATIVE) * MB);
            RunFolder run = new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.empty(), false);

            new TrainBlocksJob(session, config, run).run(false);

            assertThat(run.block(1).isFinished()).isTrue();
            assertThat(run.block(1).metrics()).hasSize(1);
        }
    }

    /** Rows of one value each, which compress to little, in row groups of 500 or so. */
    private static EmbeddingDescription write(SparkSession session, String embeddings) {
        session.range(0, ROWS, 1, 2)
                .select(
                        expr("id"),
                        expr("cast(id % 10 as int)").as("label"),
                        expr("array_repeat(cast(id % 10 as float), " + WIDTH + ")")
                                .as("embedding"))
                .write()
                .option("parquet.block.size", 400_000)
                .option("parquet.enable.dictionary", false)
                .parquet(EmbeddingFolder.splitFolder(embeddings, Split.TRAIN));
        EmbeddingDescription data = new EmbeddingDescription(
                List.of(WIDTH),
                List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
                Map.of(Split.TRAIN, (long) ROWS),
                "{}",
                "large");
        EmbeddingFolder.finish(new Configuration(), embeddings, data, "");
        return data;
    }
}
