package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunLockTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /** Above the largest number that Linux gives a process. */
    private static final long NO_PROCESS = 1L << 40;

    private static final LockRecord HERE = LockRecord.of("other", "evaluate", List.of());

    @TempDir
    private Path runs;

    private RunFolder run;

    @BeforeEach
    void createRun() {
        run = RunFolder.create(new Configuration(), runs.toString(), "r1");
    }

    @Test
    void aSecondJobIsToldWhoWorksOnTheRun() {
        try (RunLock held = run.lock("train-blocks", MINUTE)) {
            assertThat(owners()).containsExactly("train-blocks");
            assertThatThrownBy(() -> run.lock("evaluate", MINUTE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageMatching("Run r1 is in use: train-blocks of " + HERE.user() + " on " + HERE.host()
                            + " \\(process " + HERE.pid()
                            + "\\) has worked on it for \\d+ s and was alive \\d+ s ago; wait until it ends, or give"
                            + " another --run-id");
            held.requireHeld();
        }
        assertThat(run.list(".")).isEmpty();
        run.lock("evaluate", MINUTE).close();
    }

    @Test
    void whoMayWaitGetsTheRunWhenItIsFree() {
        RunLock held = run.lock("train-blocks", MINUTE);
        CompletableFuture<RunLock> waiting = CompletableFuture.supplyAsync(() -> run.lockWhenFree("evaluate", MINUTE));
        assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        held.close();
        waiting.join().close();
    }

    @Test
    void aLockThatIsLetGoWhileAnotherJobReadsWhoHasItKeepsNobody() {
        FaultyFileSystem files = FaultyFileSystem.of("let-go");
        RunFolder watched = RunFolder.create(FaultyFileSystem.settings(), files.path(runs), "r2");
        RunLock held = watched.lockParts(List.of("run.json"), "making it", MINUTE);
        String claim = watched.list(".").stream()
                .filter(name -> name.endsWith(".json"))
                .findFirst()
                .orElseThrow();
        AtomicBoolean read = new AtomicBoolean();
        files.before((operation, path) -> {
            if (operation == FaultyFileSystem.Operation.OPEN && path.endsWith(claim) && !read.getAndSet(true)) {
                held.close();
            }
        });

        watched.lockParts(List.of("block=01"), "train-blocks", MINUTE).close();

        assertThat(read).isTrue();
        assertThat(watched.list(".")).isEmpty();
    }

    @Test
    void aLockOfAProcessOfThisMachineThatIsGoneIsTakenOverAtOnce() {
        leaveBehind(HERE.host(), HERE.machine(), NO_PROCESS, 1);
        try (RunLock taken = run.lock("train-blocks", MINUTE)) {
            taken.requireHeld();
            assertThat(owners()).containsExactly("train-blocks");
        }
    }

    @Test
    void aLockOfAnEarlierProcessOfTheSameNumberIsTakenOverAtOnce() {
        leaveBehind(HERE.host(), HERE.machine(), HERE.pid(), HERE.processStart() - 1);
        run.lock("train-blocks", MINUTE).close();
    }

    @Test
    void theNumberOfAProcessMeansNothingInAnotherContainerOfTheSameHostName() {
        leaveBehind(HERE.host(), "another boot pid:[1]", NO_PROCESS, 1);
        assertThatThrownBy(() -> run.lock("train-blocks", MINUTE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("(process " + NO_PROCESS + ")");
    }

    @Test
    void theNumberOfAProcessMeansNothingWhereTheMachineIsUnknown() {
        leaveBehind(HERE.host(), "", NO_PROCESS, 1);
        assertThatThrownBy(() -> run.lock("train-blocks", MINUTE)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void aLockOfAnotherHostIsTakenOverAfterItsSilenceWhateverItsClockSays() throws IOException {
        leaveBehind("elsewhere", "", 1, 0);
        assertThatThrownBy(() -> run.lock("train-blocks", MINUTE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "Run r1 is in use: evaluate of somebody on elsewhere (process 1) has worked on it");
        silent(Duration.ofSeconds(59));
        assertThatThrownBy(() -> run.lock("train-blocks", MINUTE)).isInstanceOf(InvalidInputException.class);
        silent(Duration.ofSeconds(62));
        run.lock("train-blocks", MINUTE).close();
        assertThat(run.list(".")).isEmpty();
    }

    @Test
    void aLockThatNoJobHasWrittenCountsUntilItHasBeenSilent() throws IOException {
        run.writeText("lock.other.json", "");
        run.writeText("lock.other.alive", "");
        assertThatThrownBy(() -> run.lock("train-blocks", MINUTE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "Run r1 is in use: a job that another version has started has worked on it for");
        silent(Duration.ofSeconds(62));
        run.lock("train-blocks", MINUTE).close();
    }

    @Test
    void aLockOfAnEarlierVersionCountsUntilItHasBeenSilentToo() throws IOException {
        run.writeText("lock.json", "{\"owner\":\"other\",\"pid\":1}");
        run.writeText("lock.alive", "");
        assertThatThrownBy(() -> run.lock("train-blocks", MINUTE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "Run r1 is in use: a job that another version has started has worked on it for");
        silent(Duration.ofSeconds(62));
        run.lock("train-blocks", MINUTE).close();
        assertThat(run.list(".")).isEmpty();
    }

    @Test
    void aClaimThatWasNeverHeldKeepsNobodyForLong() throws IOException {
        leaveBehind("elsewhere", "", 1, 0);
        Files.delete(Path.of(run.path(), "lock.other.alive"));
        silent(Duration.ofSeconds(62));
        run.lock("train-blocks", MINUTE).close();
    }

    @Test
    void aLockIsRenewedWhileItIsHeld() throws Exception {
        try (RunLock held = run.lock("train-blocks", Duration.ofMillis(100))) {
            Path alive = alive();
            String first = Files.readString(alive);
            while (Files.readString(alive).equals(first)) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            held.requireHeld();
        }
    }

    @Test
    void whatFailsInARenewalIsTriedAgain() throws Exception {
        try (RunLock held = run.lock("train-blocks", Duration.ofMillis(100))) {
            Path alive = alive();
            Files.delete(alive);
            Files.createDirectories(alive.resolve("in the way"));
            TimeUnit.MILLISECONDS.sleep(150);
            Files.delete(alive.resolve("in the way"));
            Files.delete(alive);
            while (!Files.exists(alive)) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            held.requireHeld();
        }
    }

    @Test
    void whoLosesItsLockIsToldToStopAndLeavesThatOfTheOther() throws Exception {
        CountDownLatch stopped = new CountDownLatch(2);
        RunLock loser = run.lock("train-blocks", Duration.ofMillis(100));
        loser.whenLost(stopped::countDown);
        delete(".json");
        leaveBehind("elsewhere", "", 1, 0);
        stopped.await();
        assertThatThrownBy(loser::requireHeld)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "Run r1 was taken over by another job after this one had given no sign of life for more than"
                                + " 0 s; train-blocks (process " + HERE.pid()
                                + ") has stopped, so wait until the other ends and start it again");
        loser.close();
        assertThat(run.list(".")).containsExactly("lock.other.alive", "lock.other.json");
    }

    @Test
    void lettingGoNeverFails() throws IOException {
        RunLock lock = run.lock("train-blocks", MINUTE);
        Path alive = alive();
        Files.delete(alive);
        Files.createDirectory(alive);
        Thread.currentThread().interrupt();
        lock.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(run.list(".")).isEmpty();
    }

    @Test
    void partsAreLockedEachForItselfAndKeepOthersFromTheWhole() {
        try (RunLock first = run.lockParts(List.of("block=01", "head"), "train-blocks", MINUTE);
                RunLock second = run.lockParts(List.of("block=02"), "train-blocks", MINUTE)) {
            first.requireHeld();
            second.requireHeld();
            assertThatThrownBy(() -> run.lockParts(List.of("block=03", "head"), "train-blocks", MINUTE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("The part head of run r1 is in use: train-blocks of ");
            assertThatThrownBy(() -> run.lock("evaluate", MINUTE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageMatching("The part block=0[12] of run r1 is in use: train-blocks of .*");
        }
        try (RunLock whole = run.lock("evaluate", MINUTE)) {
            assertThatThrownBy(() -> run.lockParts(List.of("block=01"), "train-blocks", MINUTE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("Run r1 is in use: evaluate of ");
            whole.requireHeld();
        }
        run.lockParts(List.of("block=01"), "train-blocks", MINUTE).close();
    }

    @Test
    void oneThreadRenewsTheLockOfManyParts() {
        List<String> parts =
                Stream.iterate(1, t -> t + 1).limit(40).map(t -> "block=" + t).toList();
        try (RunLock lock = run.lockParts(parts, "train-blocks", MINUTE)) {
            lock.requireHeld();
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().equals("lock of run r1")))
                    .hasSize(1);
        }
    }

    private List<String> owners() {
        return files(".json")
                .map(file ->
                        Json.read(run.readText(file), LockRecord.class, file).command())
                .toList();
    }

    private Stream<String> files(String end) {
        return run.list(".").stream().filter(name -> name.startsWith("lock.") && name.endsWith(end));
    }

    private void delete(String end) {
        files(end).toList().forEach(name -> assertThat(new File(run.path(), name).delete())
                .isTrue());
    }

    private Path alive() {
        return Path.of(run.path(), files(".alive").findFirst().orElseThrow());
    }

    private void leaveBehind(String host, String machine, long pid, long start) {
        String user = host.equals(HERE.host()) ? HERE.user() : "somebody";
        Instant wrongClock = Instant.now().minus(Duration.ofDays(1));
        run.writeText(
                "lock.other.json",
                Json.write(
                        new LockRecord("other", "evaluate", List.of(), user, host, machine, pid, start, wrongClock)));
        run.writeText("lock.other.alive", "");
    }

    /** Sets back the times of the lock that was left behind. */
    private void silent(Duration silence) throws IOException {
        for (String file : files("").toList()) {
            Files.setLastModifiedTime(
                    Path.of(run.path(), file), FileTime.from(Instant.now().minus(silence)));
        }
    }
}
