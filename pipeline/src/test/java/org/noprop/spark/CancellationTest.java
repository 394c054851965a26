package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.FaultyFileSystem;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.training.TrainingPlan;

/** Training that is ended from outside: its tasks end, too, before anybody else may work on the run. */
@Timeout(300)
class CancellationTest {
    private static final FaultyFileSystem FILES = FaultyFileSystem.of("cancellation");

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;
    private static RunFolder undisturbed;

    /** What Spark says of tasks. */
    private static final class Tasks extends SparkListener {
        private final AtomicInteger started = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final List<EpochEnded> epochs = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onTaskStart(SparkListenerTaskStart task) {
            started.incrementAndGet();
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd task) {
            ended.incrementAndGet();
        }

        @Override
        public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof EpochEnded epoch) {
                epochs.add(epoch);
            }
        }

        int atWork() throws TimeoutException {
            session.sparkContext().listenerBus().waitUntilEmpty(10_000);
            return started.get() - ended.get();
        }
    }

    @BeforeAll
    static void trainUndisturbed() {
        small = new SmallRun(folder, "data.digits.train=600", "data.digits.test=100", "diffusion.blocks=2");
        session = LocalSpark.withCores(2);
        FaultyFileSystem.register(session.sparkContext().hadoopConfiguration());
        small.preprocess(session);
        undisturbed = run(config("undisturbed"), "undisturbed");
        new TrainBlocksJob(session, config("undisturbed"), undisturbed).run(false);
    }

    @BeforeEach
    void nothingStandsInTheWay() {
        FILES.beforeWriting(path -> {});
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void anInterruptedJobEndsWhenItsTasksHaveEndedAndAResumeGoesOn() throws TimeoutException {
        Tasks tasks = new Tasks();
        session.sparkContext().addSparkListener(tasks);
        Thread driver = Thread.currentThread();
        AtomicInteger writes = new AtomicInteger();
        FILES.beforeWriting(path -> {
            writes.incrementAndGet();
            if (path.contains("/block=01/checkpoint-2/")) {
                driver.interrupt();
            }
        });
        NoPropConfig config = config("interrupted");
        RunFolder run = run(config, "interrupted");
        Runs runs = new Runs(session, config, List.of(), Map.of());

        assertThatThrownBy(() -> runs.workOnParts(
                        run, List.of("block=01"), "train-blocks", () -> new TrainBlocksJob(session, config, run)
                                .run(false)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Interrupted while blocks were training");

        int written = writes.get();
        assertThat(Thread.interrupted()).as("the caller's interruption is kept").isTrue();
        assertThat(tasks.atWork()).as("tasks that outlive their job").isZero();
        assertThat(writes.get()).isEqualTo(written);
        session.sparkContext().removeSparkListener(tasks);
        FILES.beforeWriting(path -> {});
        new TrainBlocksJob(session, config, run).run(true);
        assertThat(run.block(1).weights()).isEqualTo(undisturbed.block(1).weights());
        assertThat(run.block(2).weights()).isEqualTo(undisturbed.block(2).weights());
    }

    @Test
    void tasksThatStandStillAreInterruptedWhenTheirTimeIsUp() throws TimeoutException {
        Tasks tasks = new Tasks();
        session.sparkContext().addSparkListener(tasks);
        FILES.beforeWriting(CancellationTest::standStillAtMetrics);
        NoPropConfig config = config("stalled", "resources.stall-timeout=2s");
        RunFolder run = run(config, "stalled");

        assertThatThrownBy(() -> new TrainBlocksJob(session, config, run).run(false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("No epoch was finished and no task started within 2 s: 2 tasks are at work; a task asks for"
                        + " 1 core, and there is 1 executor with 2 cores; see what holds them up, or raise"
                        + " noprop.resources.stall-timeout above the time of an epoch");

        assertThat(tasks.atWork()).as("tasks that outlive their job").isZero();
        session.sparkContext().removeSparkListener(tasks);
    }

    @Test
    void aBaselineByDl4jSparkThatStandsStillIsEndedToo() throws TimeoutException {
        Tasks tasks = new Tasks();
        session.sparkContext().addSparkListener(tasks);
        FILES.beforeWriting(CancellationTest::standStillAtMetrics);
        NoPropConfig config = config("dl4j", "resources.stall-timeout=2s", "baseline.trainer=dl4j-spark");
        RunFolder run = run(config, "dl4j");

        assertThatThrownBy(() -> new TrainBaselineJob(session, config, run).run(false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching("No epoch was finished and no task started within 2 s: \\d tasks are at work; .*");

        assertThat(tasks.atWork()).isZero();
        session.sparkContext().removeSparkListener(tasks);
    }

    /** Whatever it is that ends it. */
    @Test
    void whatIsThrownWhileGroupsTrainEndsThemAll() {
        Tasks tasks = new Tasks();
        session.sparkContext().addSparkListener(tasks);
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        NoPropConfig config = config("thrown");
        RunFolder run = run(config, "thrown");
        FILES.beforeWriting(CancellationTest::standStillAtMetrics);
        Broadcast<ExecutorEmbeddings> embeddings = spark.broadcast(new ExecutorEmbeddings(
                new SerializableConfiguration(spark.hadoopConfiguration()),
                config.data().embeddings(),
                new RowAccess(Long.MAX_VALUE, Long.MAX_VALUE, "")));
        TrainingPlan plan = TrainingPlans.of(
                config,
                EmbeddingFolder.open(spark.hadoopConfiguration(), config.data().embeddings())
                        .description(),
                run);
        TrainingTasks made = new TrainingTasks(
                new SerializableConfiguration(spark.hadoopConfiguration()),
                config.run().dir(),
                run,
                plan,
                config.training(),
                embeddings,
                TaskDevice.of(config.resources()));
        TaskResources resources = TaskResources.of(spark, config.resources());

        assertThatThrownBy(() -> new PartitionGroups(spark, resources)
                        .train(List.of(made.rounds(Subject.block(1)), made.rounds(Subject.block(2))), () -> {
                            if (tasks.started.get() == 2) {
                                throw new UnsupportedOperationException("something else");
                            }
                        }))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("something else");

        await(() -> tasks.ended.get() == 2);
        session.sparkContext().removeSparkListener(tasks);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void trainingThatDivergesIsNotRepeatedAndSaysWhatToDo() throws TimeoutException {
        Tasks tasks = new Tasks();
        session.sparkContext().addSparkListener(tasks);
        NoPropConfig config = config("diverged", "training.learning-rate=1e30");
        RunFolder run = run(config, "diverged");

        assertThatThrownBy(() -> new TrainBlocksJob(session, config, run).run(false))
                .isInstanceOfSatisfying(GroupFailedException.class, failed -> assertThat(failed.usersMistake())
                        .isTrue())
                .hasNoCause()
                .hasMessageStartingWith(
                        "Training failed for block 1: Training of Block 1 diverged: its squared-error is"
                                + " no finite number in epoch ")
                .hasMessageContaining("; lower noprop.training.learning-rate; block 2: Training of Block 2 diverged: ")
                .hasMessageEndingWith("; lower noprop.training.learning-rate. What was trained stays");

        assertThat(tasks.atWork()).isZero();
        assertThat(tasks.started.get()).as("two blocks and the head, once each").isEqualTo(3);
        session.sparkContext().removeSparkListener(tasks);
    }

    /** A block that has ended is damaged while another trains: the watcher sees it, and leaves the training alone. */
    @Test
    void whatOnlyWatchesNeverFails() throws IOException, TimeoutException {
        Tasks tasks = new Tasks();
        session.sparkContext().addSparkListener(tasks);
        NoPropConfig config = config("watched");
        RunFolder run = run(config, "watched");
        new TrainBlocksJob(session, config, run).run(false);
        tasks.epochs.clear();
        Path state = Path.of(folder + "/watched/watched/blocks/block=01/state.json");
        List<Subject> subjects = List.of(Subject.block(1), Subject.block(2));
        AtomicInteger shown = new AtomicInteger();

        EpochEvents epochs =
                new EpochEvents(JavaSparkContext.fromSparkContext(session.sparkContext()), run, subjects, shown::set);
        Files.writeString(state, "no state", StandardOpenOption.APPEND);
        assertThatCode(epochs::close).doesNotThrowAnyException();

        assertThat(epochs.signsOfLife())
                .as("12 epochs, and a look that saw nothing is no standstill")
                .isGreaterThan(12);
        assertThat(tasks.atWork()).isZero();
        assertThat(tasks.epochs).as("of before").isEmpty();
        assertThat(shown.get()).isEqualTo(12);
        session.sparkContext().removeSparkListener(tasks);
    }

    private static void standStillAtMetrics(String path) throws IOException {
        if (path.contains("metrics.jsonl")) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private static NoPropConfig config(String name, String... more) {
        List<String> settings = new ArrayList<>(List.of("training.epochs=12", "training.head-epochs=2"));
        settings.add("run.dir=" + FILES.path(folder.resolve(name)));
        settings.addAll(List.of(more));
        return small.config(settings.toArray(String[]::new));
    }

    private static RunFolder run(NoPropConfig config, String id) {
        return new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.of(id), true);
    }
}
