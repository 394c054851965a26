package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;
import org.noprop.tensor.Tensor;

class StreamingTest {
    private static final String BUFFER = "training.shuffle-buffer=300";
    private static final String NO_CACHE = "training.cache=100 kB";
    /** A hundred images or so. */
    private static final String ROW_GROUP_BYTES = "262144";

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;

    @BeforeAll
    static void preprocessToSmallRowGroups() {
        small = new SmallRun(folder);
        session = LocalSpark.withCores(2);
        session.sparkContext().hadoopConfiguration().set("parquet.block.size", ROW_GROUP_BYTES);
        small.preprocess(session);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    private record Trained(Map<Integer, Map<String, Tensor>> blocks, List<TaskOutcome> outcomes) {}

    private static Trained train(String id, String... settings) {
        NoPropConfig config = small.config(settings);
        RunFolder run = new Runs(session, config, List.of(), Map.of()).forBlocks(java.util.Optional.of(id), false);
        TrainingSummary summary = new TrainBlocksJob(session, config, run).run(false);
        Map<Integer, Map<String, Tensor>> blocks = new TreeMap<>();
        for (int step = 1; step <= config.diffusion().blocks(); step++) {
            blocks.put(step, run.block(step).weights());
        }
        return new Trained(blocks, summary.trained());
    }

    @Test
    void streamedRowsTrainToTheSameBitsAsCachedOnesAndEachBlocksReadingIsCounted() {
        Trained cached = train("cached", BUFFER);
        Trained streamed = train("streamed", BUFFER, NO_CACHE);

        assertThat(streamed.blocks()).isEqualTo(cached.blocks());
        assertThat(train("all-at-once").blocks())
                .as("another buffer is another order")
                .isNotEqualTo(cached.blocks());
        EmbeddingFolder embeddings = EmbeddingFolder.open(
                session.sparkContext().hadoopConfiguration(),
                folder.resolve("embeddings").toString());
        long training = embeddings.read(Split.TRAIN).bytesRead();
        long validation = embeddings.read(Split.VALIDATION).bytesRead();
        assertThat(cached.outcomes())
                .extracting(TaskOutcome::bytesRead)
                .as("one task reads for all blocks, and the head ids and labels for itself")
                .containsExactlyInAnyOrder(
                        training + validation,
                        0L,
                        0L,
                        embeddings.groups(Split.TRAIN).bytesRead());
        long keys = embeddings.groups(Split.TRAIN).bytesRead()
                + embeddings.groups(Split.VALIDATION).bytesRead();
        assertThat(streamed.outcomes())
                .filteredOn(outcome -> outcome.subject().startsWith("block"))
                .extracting(TaskOutcome::bytesRead)
                .as(
                        "every epoch reads every row group of the training rows, and the first task the keys; all validation"
                                + " rows fit the buffer")
                .containsOnly(3 * training + validation, 3 * training + validation + keys);
    }

    @Test
    void membersOfAGroupReadTheirOwnRowGroupsAlone() {
        String[] inShards = {
            "training.shards=2", "training.epochs=2", "diffusion.blocks=1", "training.head-epochs=1", BUFFER
        };
        Trained kept = train("kept-shards", inShards);
        String[] withoutCache = Arrays.copyOf(inShards, inShards.length + 1);
        withoutCache[inShards.length] = NO_CACHE;
        Trained streamed = train("streamed-shards", withoutCache);

        assertThat(streamed.blocks()).isEqualTo(kept.blocks());
        EmbeddingFolder embeddings = EmbeddingFolder.open(
                session.sparkContext().hadoopConfiguration(),
                folder.resolve("embeddings").toString());
        long training = embeddings.read(Split.TRAIN).bytesRead();
        long others = embeddings.read(Split.VALIDATION).bytesRead()
                + embeddings.groups(Split.TRAIN).bytesRead()
                + embeddings.groups(Split.VALIDATION).bytesRead();
        for (int shard = 1; shard <= 2; shard++) {
            assertThat(bytesOfShard(kept, shard))
                    .as("half of the training rows, once")
                    .isBetween(training * 4 / 10, training * 6 / 10 + others);
            assertThat(bytesOfShard(streamed, shard))
                    .as("half of the training rows, each epoch")
                    .isBetween(2 * training * 4 / 10, 2 * training * 6 / 10 + 2 * others);
        }
        assertThat(bytesOfShard(kept, 1) + bytesOfShard(kept, 2)).isBetween(training, training + others);
    }

    private static long bytesOfShard(Trained trained, int shard) {
        return trained.outcomes().stream()
                .filter(outcome -> outcome.shard() == shard)
                .mapToLong(TaskOutcome::bytesRead)
                .sum();
    }

    @Test
    void rowsThatFitNeitherCacheNorBufferAreRefusedWithWhatToSet() {
        assertThatThrownBy(() -> train("no-buffer", NO_CACHE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching("The image embeddings take 3 MB and an executor keeps at most 0 MB; raise"
                        + " noprop.training.cache, or set noprop.training.shuffle-buffer to the rows that a task may"
                        + " hold while it streams them, such as \\d0+");
        assertThatThrownBy(() -> train("small-buffer", NO_CACHE, "training.shuffle-buffer=20"))
                .isInstanceOf(GroupFailedException.class)
                .hasMessageContaining("rows and noprop.training.shuffle-buffer holds 20; raise it to at least that");
        assertThatThrownBy(() -> train("large-buffer", NO_CACHE, "training.shuffle-buffer=2000000"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching("2 tasks that stream 2000000 rows at a time take \\d+ MB of an executor's heap,"
                        + " which has \\d+ MB; raise NOPROP_DRIVER_MEMORY \\(spark.driver.memory\\)");
    }
}
