package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.FaultyFileSystem;
import org.noprop.data.RunFolder;

/** What breaks in a cluster; in each case the weights are those of a run that nothing disturbed. */
@Timeout(600)
class FaultsTest {
    private static final int BLOCKS = 2;
    private static final int EPOCHS = 4;

    private static final FaultyFileSystem FILES = FaultyFileSystem.of("faults");

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static RunFolder undisturbed;

    @BeforeAll
    static void trainUndisturbed() {
        small = new SmallRun(folder, "data.digits.train=600", "data.digits.test=100");
        try (SparkSession session = LocalSpark.withCores(2)) {
            small.preprocess(session);
            undisturbed = run(session, config(), "undisturbed");
            new TrainBlocksJob(session, config(), undisturbed).run(false);
        }
    }

    @Test
    void anExecutorThatIsKilledInMidTrainingIsReplacedAndItsTaskGoesOn() {
        NoPropConfig config = config("training.epochs=8", "training.head-epochs=1");
        try (SparkSession session = LocalSpark.withCores(2)) {
            RunFolder calm = run(session, config, "calm");
            new TrainBlocksJob(session, config, calm).run(false);
        }
        AtomicInteger removed = new AtomicInteger();
        try (SparkSession session = ClusterSpark.start(2, 1, Map.of())) {
            session.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
                    removed.incrementAndGet();
                }
            });
            RunFolder disturbed = run(session, config, "killed");
            Thread killer = new Thread(() -> killAnExecutorOnceABlockTrains(disturbed));
            killer.start();
            new TrainBlocksJob(session, config, disturbed).run(false);

            RunFolder calm = run(session, config, "calm");
            for (int step = 1; step <= BLOCKS; step++) {
                assertThat(disturbed.block(step).weights())
                        .isEqualTo(calm.block(step).weights());
                assertThat(disturbed.block(step).metrics()).hasSize(8);
            }
        }
        assertThat(removed.get()).as("executors that were lost").isPositive();
    }

    private static void killAnExecutorOnceABlockTrains(RunFolder run) {
        Path metrics = Path.of(run.path(), "blocks", "block=01", "metrics.jsonl");
        while (!Files.exists(metrics)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        ProcessHandle.current()
                .descendants()
                .filter(FaultsTest::isExecutor)
                .findFirst()
                .orElseThrow()
                .destroyForcibly();
    }

    /** {@link ProcessHandle} does not know command lines as long as a class path makes them. */
    private static boolean isExecutor(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"))
                    .contains("CoarseGrainedExecutorBackend");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aTaskThatFailsTwicePassesTheThirdTime() throws IOException {
        AtomicInteger failures = new AtomicInteger();
        FILES.beforeWriting(path -> {
            if (path.contains("/block=01/checkpoint-2/") && failures.incrementAndGet() <= 2) {
                throw new IOException("No space left on device");
            }
        });
        try (SparkSession session = hooked("local[2,4]")) {
            NoPropConfig config = onHookedFiles("twice");
            RunFolder run = run(session, config, "twice");
            new TrainBlocksJob(session, config, run).run(false);
            assertThat(failures.get()).isGreaterThan(2);
            assertUndisturbed(run);
        }
    }

    @Test
    void aFullDiskEndsItsBlockAloneAndAResumeGoesOn() throws IOException {
        AtomicBoolean full = new AtomicBoolean(true);
        FILES.beforeWriting(path -> {
            if (full.get() && path.contains("/block=01/checkpoint-3/")) {
                throw new IOException("No space left on device");
            }
        });
        try (SparkSession session = hooked("local[2]")) {
            NoPropConfig config = onHookedFiles("full");
            RunFolder run = run(session, config, "full");
            assertThatThrownBy(() -> new TrainBlocksJob(session, config, run).run(false))
                    .isInstanceOf(GroupFailedException.class)
                    .hasMessageStartingWith("Training failed for block 1: ")
                    .hasMessageEndingWith(". What was trained stays: continue with --resume")
                    .hasCauseInstanceOf(SparkException.class);
            assertThat(run.block(1).isFinished()).isFalse();
            FileTime written = weightsWritten(run, 2);
            full.set(false);

            TrainingSummary resumed = new TrainBlocksJob(session, config, run).run(true);

            assertThat(resumed.trained()).extracting(TaskOutcome::subject).containsExactly("block 1");
            assertThat(weightsWritten(run, 2)).isEqualTo(written);
            assertUndisturbed(run);
        }
    }

    @Test
    void aCheckpointCutInHalfIsPassedOverForTheOneBefore() throws IOException {
        AtomicBoolean stops = new AtomicBoolean(true);
        FILES.beforeWriting(path -> {
            if (stops.get() && path.contains("/block=01/checkpoint-3/")) {
                throw new IOException("No space left on device");
            }
        });
        try (SparkSession session = hooked("local[2]")) {
            NoPropConfig config = onHookedFiles("half");
            RunFolder run = run(session, config, "half");
            assertThatThrownBy(() -> new TrainBlocksJob(session, config, run).run(false))
                    .isInstanceOf(GroupFailedException.class);
            Path newest = folder.resolve("half/half/blocks/block=01/checkpoint-2/weights.safetensors");
            try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
                file.setLength(file.length() / 2);
            }
            stops.set(false);
            new TrainBlocksJob(session, config, run).run(true);
            assertUndisturbed(run);
        }
    }

    private static SparkSession hooked(String master) {
        SparkSession session = SparkSession.builder()
                .master(master)
                .appName("test")
                .config("spark.ui.enabled", false)
                .getOrCreate();
        FaultyFileSystem.register(session.sparkContext().hadoopConfiguration());
        return session;
    }

    private static void assertUndisturbed(RunFolder run) {
        for (int step = 1; step <= BLOCKS; step++) {
            assertThat(run.block(step).weights())
                    .isEqualTo(undisturbed.block(step).weights());
            assertThat(run.block(step).metrics()).hasSize(EPOCHS);
        }
    }

    private static FileTime weightsWritten(RunFolder run, int step) throws IOException {
        return Files.getLastModifiedTime(
                folder.resolve(run.id() + "/" + run.id() + "/blocks/block=0" + step + "/weights.safetensors"));
    }

    private static NoPropConfig onHookedFiles(String name, String... more) {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.add("run.dir=" + FILES.path(folder.resolve(name)));
        return config(settings.toArray(String[]::new));
    }

    private static NoPropConfig config(String... more) {
        List<String> settings = new ArrayList<>(
                List.of("diffusion.blocks=" + BLOCKS, "training.epochs=" + EPOCHS, "training.head-epochs=2"));
        settings.addAll(List.of(more));
        return small.config(settings.toArray(String[]::new));
    }

    private static RunFolder run(SparkSession session, NoPropConfig config, String id) {
        return new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.of(id), true);
    }
}
