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
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.tensor.Tensor;

class TrainBlocksJobTest {
    private static final int BLOCKS = 3;

    @TempDir
    Path folder;

    @Test
    void weightsAreBitIdenticalOnOneAndTwoCoresAndInReverseOrder() {
        SmallRun small = new SmallRun(folder);

        RunFolder oneCore = small.train(1, "one-core");
        RunFolder twoCores = small.train(2, "two-cores");
        RunFolder reversed = trainReversed(small, "reversed");

        assertThat(weights(twoCores)).isEqualTo(weights(oneCore));
        assertThat(weights(reversed)).isEqualTo(weights(oneCore));
        assertThat(oneCore.block(1).weights()).isNotEqualTo(oneCore.block(2).weights());
    }

    @Test
    void everyGroupIsAJobOfOneTaskOnAnExecutorThread() {
        SmallRun small = new SmallRun(folder);
        try (SparkSession session = LocalSpark.withCores(2)) {
            small.preprocess(session);
            Groups groups = new Groups();
            session.sparkContext().addSparkListener(groups);

            TrainingSummary summary =
                    new TrainBlocksJob(session, small.config(), small.folder(session, "groups")).run(false);

            session.stop();
            assertThat(groups.tasksByDescription)
                    .isEqualTo(Map.of("block 1/3", 1, "block 2/3", 1, "block 3/3", 1, "head", 1));
            assertThat(summary.trained())
                    .extracting(outcome -> outcome.where().thread())
                    .allSatisfy(thread -> assertThat(thread).startsWith("Executor task launch worker"));
            assertThat(summary.trained())
                    .extracting(outcome -> outcome.where().attempt())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aRunIsWrittenAsTheLayoutSays() {
        RunFolder run = new SmallRun(folder).train(2, "layout");

        Path root = folder.resolve("runs/layout");
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
        assertThat(run.block(2).metrics()).hasSize(3);
        assertThat(run.block(2).metrics().get(2)).contains("squared-error").contains("validation-accuracy");
    }

    @Test
    void finishedBlocksAreKeptAndAMissingOneIsTrainedAloneToTheSameWeights() throws IOException {
        SmallRun small = new SmallRun(folder);
        RunFolder run = small.train(2, "kept");
        Map<String, Map<String, Tensor>> before = weights(run);
        FileTime firstWritten = written("kept", "block=01");
        run.block(2).delete();

        try (SparkSession session = LocalSpark.withCores(2)) {
            TrainingSummary summary = new TrainBlocksJob(session, small.config(), run).run(true);
            assertThat(summary.trained()).extracting(TaskOutcome::subject).containsExactly("block 2");
        }

        assertThat(weights(run)).isEqualTo(before);
        assertThat(written("kept", "block=01")).isEqualTo(firstWritten);
    }

    @Test
    void blocksThatAreThereAreRefusedWithoutResume() {
        SmallRun small = new SmallRun(folder);
        RunFolder run = small.train(2, "there");

        try (SparkSession session = LocalSpark.withCores(2)) {
            assertThatThrownBy(() -> new TrainBlocksJob(session, small.config(), run).run(false))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("Run there already has a block 1 in "
                            + run.block(1).path() + "; give --resume to continue it, or another --run-id");
        }
    }

    @Test
    void aDamagedBlockIsNamedWithHowToTrainItAloneAndNothingIsTrained() throws IOException {
        SmallRun small = new SmallRun(folder);
        RunFolder run = small.train(2, "damaged");
        Path weights = folder.resolve("runs/damaged/blocks/block=02/weights.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 5] ^= 1;
        Files.write(weights, bytes);

        try (SparkSession session = LocalSpark.withCores(2)) {
            assertThatThrownBy(() -> new TrainBlocksJob(session, small.config(), run).run(true))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("Block 2 is damaged: " + run.block(2).path()
                            + "/weights.safetensors does not match its checksum; delete that folder and run"
                            + " train-blocks --resume to train it alone");
        }
    }

    @Test
    void blocksTrainedWithOtherSettingsAreNotTakenForThese() {
        SmallRun small = new SmallRun(folder);
        RunFolder run = small.train(2, "settings");
        NoPropConfig other = small.config("training.learning-rate=0.01");

        try (SparkSession session = LocalSpark.withCores(2)) {
            assertThatThrownBy(() -> new TrainBlocksJob(session, other, run).run(true))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("The block 1 in ")
                    .hasMessageContaining("was trained with other settings or other data");
        }
    }

    @Test
    void withoutEmbeddingsTheUserIsToldToPreprocess() {
        SmallRun small = new SmallRun(folder);
        RunFolder run = small.train(2, "without");
        NoPropConfig elsewhere = small.config("data.embeddings=" + folder.resolve("nowhere"));

        try (SparkSession session = LocalSpark.withCores(2)) {
            assertThatThrownBy(() -> new TrainBlocksJob(session, elsewhere, run).run(true))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("There are no embeddings in " + folder.resolve("nowhere")
                            + ": no embeddings.json there; run preprocess first");
        }
    }

    private static RunFolder trainReversed(SmallRun small, String id) {
        try (SparkSession session = LocalSpark.withCores(2)) {
            RunFolder run = small.folder(session, id);
            List<Subject> subjects = new ArrayList<>(List.of(Subject.head()));
            for (int step = 1; step <= BLOCKS; step++) {
                subjects.add(Subject.block(step));
            }
            Collections.reverse(subjects);
            new TrainingRound(session, small.config(), run, "train-blocks").train(subjects, false);
            return run;
        }
    }

    private static Map<String, Map<String, Tensor>> weights(RunFolder run) {
        Map<String, Map<String, Tensor>> weights = new TreeMap<>();
        for (int step = 1; step <= BLOCKS; step++) {
            weights.put("block " + step, run.block(step).weights());
        }
        weights.put("head", run.head().weights());
        return weights;
    }

    private FileTime written(String run, String block) throws IOException {
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
