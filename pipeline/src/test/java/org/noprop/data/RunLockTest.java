package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String FILE = "lock.json";
    /** Above the largest number that Linux gives a process. */
    private static final long NO_PROCESS = 1L << 40;

    @TempDir
    private Path runs;

    private RunFolder run;

    @BeforeEach
    void createRun() {
        run = RunFolder.create(new Configuration(), runs.toString(), "r1");
    }

    @Test
    void aSecondJobIsToldWhoWorksOnTheRun() throws IOException {
        try (RunLock held = run.lock("train-blocks", MINUTE)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> run.lock("evaluate", MINUTE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageMatching("Run r1 is in use: train-blocks of " + System.getProperty("user.name") + " on "
                            + InetAddress.getLocalHost().getHostName() + " \\(process "
                            + ProcessHandle.current().pid()
                            + "\\) has worked on it for \\d+ s and was alive \\d+ s ago; wait until it ends, or give"
                            + " another --run-id");
        }
        assertThat(run.has(FILE)).isFalse();
        run.lock("evaluate", MINUTE).close();
    }

    @Test
    void ofManyWhoTryAtOnceOneGetsIt() {
        long got = IntStream.range(0, 8).mapToObj(i -> CompletableFuture.supplyAsync(this::tryToLock)).toList().stream()
                .filter(CompletableFuture::join)
                .count();
        assertThat(got).isEqualTo(1);
    }

    @Test
    void ofManyWhoTakeOverAtOnceOneGetsIt() throws IOException {
        leaveBehind(InetAddress.getLocalHost().getHostName(), NO_PROCESS, Instant.now());
        ofManyWhoTryAtOnceOneGetsIt();
    }

    @Test
    void aLockThatNoJobHasWrittenIsPassedOver() {
        run.writeText(FILE, "");
        try (RunLock taken = run.lock("train-blocks", MINUTE)) {
            assertThat(taken).isNotNull();
            assertThat(record().command()).isEqualTo("train-blocks");
        }
    }

    private boolean tryToLock() {
        try {
            run.lock("train-blocks", MINUTE);
            return true;
        } catch (InvalidInputException e) {
            return false;
        }
    }

    @Test
    void aLockOfAProcessOfThisHostThatIsGoneIsTakenOverAtOnce() throws IOException {
        leaveBehind(InetAddress.getLocalHost().getHostName(), NO_PROCESS, Instant.now());
        try (RunLock taken = run.lock("train-blocks", MINUTE)) {
            assertThat(taken).isNotNull();
            assertThat(run.readText(FILE))
                    .contains("\"pid\" : " + ProcessHandle.current().pid());
        }
    }

    @Test
    void aLockOfAnotherHostIsTakenOverAfterItsSilence() {
        leaveBehind("elsewhere", 1, Instant.now());
        assertThatThrownBy(() -> run.lock("train-blocks", MINUTE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Run r1 is in use: run of somebody on elsewhere (process 1) has worked on it");

        leaveBehind("elsewhere", 1, Instant.now().minusSeconds(61));
        run.lock("train-blocks", MINUTE).close();
    }

    @Test
    @Timeout(60)
    void aLockIsRenewedWhileItIsHeld() {
        try (RunLock held = run.lock("train-blocks", Duration.ofMillis(40))) {
            assertThat(held).isNotNull();
            while (!run.has("lock.alive")) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void whoLostItsLockLeavesThatOfTheOther() {
        RunLock lost = run.lock("train-blocks", MINUTE);
        leaveBehind("elsewhere", 1, Instant.now());
        lost.close();
        assertThat(record().host()).isEqualTo("elsewhere");
    }

    private LockRecord record() {
        return Json.read(run.readText(FILE), LockRecord.class, FILE);
    }

    private void leaveBehind(String host, long pid, Instant alive) {
        run.writeText(FILE, Json.write(new LockRecord("other", "run", "somebody", host, pid, alive)));
    }

    @Test
    void partsAreLockedEachForItselfAndKeepOthersFromTheWhole() {
        try (RunLock first = run.lockPart("block=01", "train-blocks", MINUTE);
                RunLock second = run.lockPart("block=02", "train-blocks", MINUTE)) {
            assertThat(first).isNotSameAs(second);
            assertThatThrownBy(() -> run.lockPart("block=01", "train-blocks", MINUTE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("The part block=01 of run r1 is in use: train-blocks of ");
            assertThatThrownBy(() -> run.lock("evaluate", MINUTE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("The part block=01 of run r1 is in use: train-blocks of ");
            assertThat(run.has(FILE)).isFalse();
        }
        try (RunLock whole = run.lock("evaluate", MINUTE)) {
            assertThat(whole).isNotNull();
            assertThatThrownBy(() -> run.lockPart("block=01", "train-blocks", MINUTE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("Run r1 is in use: evaluate of ");
        }
        run.lockPart("block=01", "train-blocks", MINUTE).close();
    }
}
