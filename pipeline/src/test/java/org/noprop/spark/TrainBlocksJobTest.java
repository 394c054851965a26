package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.tensor.Tensor;

class TrainBlocksJobTest {
    private static final int BLOCKS = 3;

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;
    /** Trained on one core; every other test works on two. */
    private static RunFolder oneCore;

    @BeforeAll
    static void trainOnOneCore() {
        small = new SmallRun(folder);
        oneCore = small.train(1, "one-core");
        session = LocalSpark.withCores(2);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void weightsAreBitIdenticalOnTwoCoresAndEveryGroupIsAJobOfOneTaskOnAnExecutorThread() {
        Groups groups = new Groups();
        session.sparkContext().addSparkListener(groups);
        RunFolder twoCores = small.folder(session, "two-cores");

        TrainingSummary summary = new TrainBlocksJob(session, small.config(), twoCores).run(false);

        groups.awaitTasks(BLOCKS + 1);
        session.sparkContext().removeSparkListener(groups);
        assertThat(weights(twoCores)).isEqualTo(weights(oneCore));
        assertThat(groups.tasksByDescription)
                .isEqualTo(Map.of("block 1/3", 1, "block 2/3", 1, "block 3/3", 1, "head", 1));
        assertThat(summary.trained())
                .extracting(outcome -> outcome.where().thread())
                .allSatisfy(thread -> assertThat(thread).startsWith("Executor task launch worker"));
        assertThat(summary.trained())
                .extracting(outcome -> outcome.where().attempt())
                .doesNotHaveDuplicates();
    }

    @Test
    void weightsAreBitIdenticalInReverseOrder() {
        RunFolder reversed = small.folder(session, "reversed");
        List<Subject> subjects = new ArrayList<>(List.of(Subject.head()));
        for (int step = 1; step <= BLOCKS; step++) {
            subjects.add(Subject.block(step));
        }
        Collections.reverse(subjects);

        new TrainingJob(session, small.config(), reversed, "train-blocks").train(subjects, false);

        assertThat(weights(reversed)).isEqualTo(weights(oneCore));
    }

    @Test
    void partsThatJobsTrainAtTheSameTimeMakeTheSameRun() {
        RunFolder parted = small.folder(session, "parted");
        Runs runs = new Runs(session, small.config(), List.of(), Map.of());
        List<BlockParts> parts = Stream.of(List.of("2"), List.of("1", "3"), List.of("head"))
                .map(BlockParts::new)
                .toList();

        List<CompletableFuture<String>> jobs = parts.stream()
                .map(part -> CompletableFuture.supplyAsync(() -> runs.workOnParts(
                        parted, part.artifacts(small.config(), parted), "train-blocks", () -> new TrainBlocksJob(
                                        session, small.config(), parted, part)
                                .run(true)
                                .sentence())))
                .toList();

        assertThat(jobs).extracting(CompletableFuture::join).allMatch(said -> said.startsWith("train-blocks: "));
        assertThat(weights(parted)).isEqualTo(weights(oneCore));
        assertThat(TrainingSummary.files(parted, "train-blocks"))
                .containsExactly(
                        "profile/train-blocks/block=01-block=03.json",
                        "profile/train-blocks/block=02.json",
                        "profile/train-blocks/head.json");
    }

    @Test
    void partsThatThereAreNotOrThatDoNotTrainAloneAreRefused() {
        assertThatThrownBy(() -> new BlockParts(List.of("4")).subjects(small.config()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is no block 4 to train apart: --blocks may name 1 to 3 and head");
        assertThatThrownBy(() -> new BlockParts(List.of("head"))
                        .subjects(small.config("diffusion.method=fm", "diffusion.intervals.count=2")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is no head to train apart: --blocks may name 1 to 2");
        assertThatThrownBy(() -> new BlockParts(List.of("1")).subjects(small.config("label.embedding=learned")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Blocks that train label embeddings or their schedule together cannot be trained one by"
                        + " one; leave --blocks out");
    }

    @Test
    void everyBlockHasWeightsOfItsOwn() {
        assertThat(oneCore.block(1).weights()).isNotEqualTo(oneCore.block(2).weights());
    }

    @Test
    void aRunIsWrittenAsTheLayoutSays() {
        Path root = folder.resolve("runs/one-core");
        for (String file : List.of(
                "run.json",
                "config/effective.conf",
                "config/overrides.conf",
                "config/spark.properties",
                "blocks/block=01/weights.safetensors",
                "blocks/block=03/metrics.jsonl",
                "blocks/block=03/state.json",
                "head/weights.safetensors",
                "profile/train-blocks.json")) {
            assertThat(root.resolve(file)).isRegularFile();
        }
        assertThat(oneCore.block(2).metrics()).hasSize(3);
        assertThat(oneCore.block(2).metrics().get(2)).contains("squared-error").contains("validation-accuracy");
    }

    @Test
    void finishedBlocksAreKeptAndAMissingOneIsTrainedAloneToTheSameWeights() throws IOException {
        Map<String, Map<String, Tensor>> before = weights(oneCore);
        FileTime firstWritten = written("one-core", "block=01");
        oneCore.block(2).delete();

        TrainingSummary summary = new TrainBlocksJob(session, small.config(), oneCore).run(true);

        assertThat(summary.trained()).extracting(TaskOutcome::subject).containsExactly("block 2");
        assertThat(weights(oneCore)).isEqualTo(before);
        assertThat(written("one-core", "block=01")).isEqualTo(firstWritten);
    }

    @Test
    void blocksThatAreThereAreRefusedWithoutResume() {
        assertThatThrownBy(() -> new TrainBlocksJob(session, small.config(), oneCore).run(false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Run one-core already has a block 1 in "
                        + oneCore.block(1).path() + "; give --resume to continue it, or another --run-id");
    }

    @Test
    void aDamagedBlockIsNamedWithHowToTrainItAlone() throws IOException {
        Path weights = folder.resolve("runs/one-core/blocks/block=03/weights.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        byte[] damaged = whole.clone();
        damaged[damaged.length - 5] ^= 1;
        Files.write(weights, damaged);
        try {
            assertThatThrownBy(() -> new TrainBlocksJob(session, small.config(), oneCore).run(true))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("Block 3 is damaged: " + oneCore.block(3).path()
                            + "/weights.safetensors does not match its checksum; delete that folder and run"
                            + " train-blocks --resume to train it alone");
        } finally {
            Files.write(weights, whole);
        }
    }

    @Test
    void blocksTrainedWithOtherSettingsAreNotTakenForThese() {
        NoPropConfig other = small.config("training.learning-rate=0.01");

        assertThatThrownBy(() -> new TrainBlocksJob(session, other, oneCore).run(true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The block 1 in " + oneCore.block(1).path()
                        + " was trained with other settings or other data; give another --run-id, or delete that"
                        + " folder to train it again");
    }

    @Test
    void withoutEmbeddingsTheUserIsToldToPreprocess() {
        NoPropConfig elsewhere = small.config("data.embeddings=" + folder.resolve("nowhere"));

        assertThatThrownBy(() -> new TrainBlocksJob(session, elsewhere, oneCore).run(true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There are no embeddings in " + folder.resolve("nowhere")
                        + ": no embeddings.json there; run preprocess first");
    }

    private static Map<String, Map<String, Tensor>> weights(RunFolder run) {
        Map<String, Map<String, Tensor>> weights = new TreeMap<>();
        for (int step = 1; step <= BLOCKS; step++) {
            weights.put("block " + step, run.block(step).weights());
        }
        weights.put("head", run.head().weights());
        return weights;
    }

    private static FileTime written(String run, String block) throws IOException {
        return Files.getLastModifiedTime(folder.resolve("runs")
                .resolve(run)
                .resolve("blocks")
                .resolve(block)
                .resolve("weights.safetensors"));
    }

    /** Counts the tasks of each job that has a description. */
    private static final class Groups extends SparkListener {
        private final Map<Integer, String> descriptionByStage = new ConcurrentHashMap<>();
        private final Map<String, Integer> tasksByDescription = new ConcurrentHashMap<>();

        /** Spark tells its listeners of a task's end some time after the job has returned. */
        void awaitTasks(int tasks) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (System.nanoTime() < deadline
                    && tasksByDescription.values().stream()
                                    .mapToInt(Integer::intValue)
                                    .sum()
                            < tasks) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void onJobStart(SparkListenerJobStart job) {
            String description = job.properties().getProperty("spark.job.description");
            if (description != null) {
                scala.collection.JavaConverters.seqAsJavaList(job.stageIds())
                        .forEach(stage -> descriptionByStage.put((Integer) stage, description));
            }
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd task) {
            String description = descriptionByStage.get(task.stageId());
            if (description != null) {
                tasksByDescription.merge(description, 1, Integer::sum);
            }
        }
    }
}
