package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.RunLock;
import org.noprop.data.RunRecord.Status;

/** What becomes of jobs that want one run, or lose it. */
@Timeout(120)
class RunsTest {
    @TempDir
    private static Path folder;

    private static SmallRun small;
    private static SparkSession session;
    private static Runs runs;
    /** Renews its locks ten times a second, and so soon finds one taken over. */
    private static Runs hasty;

    @BeforeAll
    static void embed() {
        small = new SmallRun(folder, "data.digits.train=40", "data.digits.test=10");
        session = LocalSpark.withCores(2);
        small.preprocess(session);
        runs = new Runs(session, small.config(), List.of(), Map.of());
        hasty = new Runs(session, small.config("run.lock-timeout=400ms"), List.of(), Map.of());
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void jobsThatBeginOneRunAtOnceUseTheSame() {
        List<CompletableFuture<RunFolder>> jobs = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> runs.forBlocks(Optional.of("one"), false)))
                .toList();
        assertThat(jobs).allSatisfy(job -> assertThat(job.join().record().id()).isEqualTo("one"));
    }

    @Test
    void aRunOfOtherSettingsIsRefusedWhoeverMadeIt() {
        runs.forBlocks(Optional.of("mine"), false);
        Runs others = new Runs(session, small.config("training.epochs=7"), List.of(), Map.of());
        assertThatThrownBy(() -> others.forBlocks(Optional.of("mine"), false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Run mine was made with other settings");
    }

    @Test
    void jobsThatBeginRunsInTheSameSecondGetOneEach() {
        List<String> ids = Stream.generate(
                        () -> runs.forBlocks(Optional.empty(), false).id())
                .limit(3)
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void aJobWhoseRunIsTakenOverIsCancelledAndSaysSo() throws Exception {
        RunFolder run = hasty.forBlocks(Optional.of("lost"), false);
        CompletableFuture<Void> job = CompletableFuture.runAsync(() -> hasty.work(run, "train-blocks", () -> {
            JavaSparkContext.fromSparkContext(session.sparkContext())
                    .parallelize(List.of(1, 2), 2)
                    .foreach(i -> {
                        while (!TaskContext.get().isInterrupted()) {
                            TimeUnit.MILLISECONDS.sleep(5);
                        }
                    });
            return run;
        }));
        takeOver(run);
        assertThatThrownBy(job::join)
                .cause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "Run lost was taken over by another job after this one had given no sign of life");
        assertThat(run.record().status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void whatAJobThatLostItsRunHasDoneSinceIsNoSuccess() throws Exception {
        RunFolder run = hasty.forBlocks(Optional.of("late"), false);
        assertThatThrownBy(() -> hasty.workOnParts(run, List.of("block=01"), "train-blocks", () -> {
                    RunLock other = takeOver(run);
                    other.close();
                    return run;
                }))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Run late was taken over by another job");
    }

    /** As a job does for which the owner has been silent too long; returns once the owner has noticed. */
    private static RunLock takeOver(RunFolder run) {
        try {
            Path claim = null;
            while (claim == null) {
                claim = find(run, ".json");
            }
            while (find(run, ".alive") == null) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            Files.delete(claim);
            while (find(run, ".alive") != null) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            return run.lock("evaluate", Duration.ofMinutes(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path find(RunFolder run, String end) {
        return run.list(".").stream()
                .filter(name -> name.startsWith("lock.") && name.endsWith(end))
                .map(name -> Path.of(run.path(), name))
                .findFirst()
                .orElse(null);
    }

    @Test
    void whatWentWrongIsShownEvenWhereThatCannotBeRecorded() throws IOException {
        RunFolder run = runs.forBlocks(Optional.of("broken"), false);
        assertThatThrownBy(() -> runs.work(run, "train-blocks", () -> {
                    run.writeText("run.json", "no record");
                    throw new IllegalStateException("what went wrong");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("what went wrong")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(run.list(".")).noneMatch(name -> name.startsWith("lock."));
    }
}
