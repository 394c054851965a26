package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.data.FaultyFileSystem.Operation;

/** One file after the other, on file systems of each kind, while what can go wrong does. */
@Timeout(120)
class FolderTest {
    private static final double OFTEN = 0.03;

    @TempDir
    private Path local;

    @ParameterizedTest
    @ValueSource(strings = {"faulty", "s3a", "webhdfs"})
    void filesAreReadAsTheyWereWrittenWhateverFails(String scheme) {
        FaultyFileSystem files = FaultyFileSystem.of(scheme, "whatever-fails").failing(OFTEN, 7);
        Folder folder = folder(files);
        for (int i = 0; i < 60; i++) {
            String name = "part=" + i % 3 + "/file" + i % 7;
            folder.writeText(name, "text " + i);
            assertThat(folder.has(name)).isTrue();
            assertThat(folder.readText(name)).isEqualTo("text " + i);
            assertThat(folder.folder("part=" + i % 3).list())
                    .extracting(child -> child.getPath().getName())
                    .contains("file" + i % 7)
                    .allMatch(child -> child.startsWith("file"));
            if (i % 5 == 4) {
                folder.delete(name);
                assertThat(folder.has(name)).isFalse();
            }
        }
        assertThat(files.faults()).isGreaterThan(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "faulty", "s3a", "webhdfs"})
    void aFileThatIsReplacedIsNeverAbsentAndNeverHalf(String scheme) throws Exception {
        Folder folder = scheme.equals("file")
                ? Folder.of(patient("5s"), local.toString())
                : folder(FaultyFileSystem.of(scheme, "replaced").failing(OFTEN, 3));
        folder.writeText("run.json", text(0));
        AtomicBoolean ends = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> {
                    while (!ends.get()) {
                        assertThat(folder.has("run.json")).isTrue();
                        assertThat(isWhole(folder.readText("run.json"))).isTrue();
                    }
                }));
            }
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 1; writer <= 2; writer++) {
                String text = text(writer);
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 60; i++) {
                        folder.writeText("run.json", text);
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            ends.set(true);
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(folder.list()).hasSize(1);
    }

    private static boolean isWhole(String text) {
        return List.of(text(0), text(1), text(2)).contains(text);
    }

    private static String text(int writer) {
        return String.valueOf(writer).repeat(20_000);
    }

    @Test
    void aFileSystemThatIsAwayForSomeTimeIsWaitedFor() {
        FaultyFileSystem files = FaultyFileSystem.of("away");
        Folder folder = Folder.of(FaultyFileSystem.settings(), files.path(local));
        files.downFor(Duration.ofMillis(600));
        folder.writeText("a", "text");
        assertThat(folder.readText("a")).isEqualTo("text");
        assertThat(files.faults()).isBetween(2, 8);
    }

    @Test
    void aServerThatDoesNotAnswerInTimeIsAskedAgain() {
        FaultyFileSystem files = FaultyFileSystem.of("no-answer");
        Folder folder = Folder.of(FaultyFileSystem.settings(), files.path(local));
        folder.writeText("a", "text");
        files.before((operation, path) -> {
            if (operation == Operation.OPEN && files.asked(Operation.OPEN) == 1) {
                throw new SocketTimeoutException("Read timed out");
            }
        });
        assertThat(folder.readText("a")).isEqualTo("text");
        assertThat(files.asked(Operation.OPEN)).isEqualTo(2);
    }

    @Test
    void whatStaysAwayIsNamedAndNeverCalledDamaged() {
        FaultyFileSystem files = FaultyFileSystem.of("stays-away");
        Folder folder = Folder.of(patient("300ms"), files.path(local));
        folder.writeText("a", "text");
        files.downFor(Duration.ofMinutes(5));
        String path = files.path(local) + "/a";
        assertThatThrownBy(() -> folder.readText("a"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Cannot read " + path + ": OPEN " + local + "/a: the file system is down");
        assertThatThrownBy(() -> folder.has("a")).hasMessageStartingWith("Cannot look for " + path + ": ");
        assertThatThrownBy(() -> folder.writeText("a", "more")).hasMessageStartingWith("Cannot write " + path + ": ");
        assertThatThrownBy(() -> folder.delete("a")).hasMessageStartingWith("Cannot delete " + path + ": ");
        assertThatThrownBy(folder::list).hasMessageStartingWith("Cannot list " + files.path(local) + ": ");
        files.downFor(Duration.ZERO);
        assertThat(folder.readText("a")).isEqualTo("text");
    }

    @Test
    void whatCannotPassIsTriedOnce() {
        FaultyFileSystem files = FaultyFileSystem.of("cannot-pass");
        Folder folder = Folder.of(FaultyFileSystem.settings(), files.path(local));
        assertThatThrownBy(() -> folder.read("none"))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(FileNotFoundException.class);
        assertThat(files.asked(Operation.OPEN)).isEqualTo(1);
        files.before((operation, path) -> {
            if (operation == Operation.LIST) {
                throw new AccessControlException("not yours");
            }
            if (operation == Operation.WRITE) {
                throw new IOException("No space left on device");
            }
        });
        assertThatThrownBy(folder::list).hasMessage("Cannot list " + files.path(local) + ": not yours");
        assertThat(files.asked(Operation.LIST)).isEqualTo(1);
        assertThatThrownBy(() -> folder.writeText("a", "text"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Cannot write " + files.path(local) + "/a: No space left on device");
        assertThat(files.asked(Operation.WRITE)).isEqualTo(1);
        assertThat(local).isEmptyDirectory();
    }

    /** Hadoop's local disk makes an Error of it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullLocalDiskIsToldWithThePath() throws IOException {
        RawLocalFileSystem disk = new RawLocalFileSystem();
        disk.initialize(URI.create("file:///"), new Configuration());
        assertThatThrownBy(() -> Retry.of(new Configuration(), "Cannot write /dev/full", again -> {
                    try (OutputStream out = disk.create(
                            new org.apache.hadoop.fs.Path("/dev/full"), null, true, 1, (short) 1, 1, null)) {
                        out.write(new byte[10_000]);
                    }
                    return null;
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Cannot write /dev/full: No space left on device");
    }

    @Test
    void anInterruptEndsTheWaiting() throws InterruptedException {
        FaultyFileSystem files = FaultyFileSystem.of("interrupted").downFor(Duration.ofMinutes(5));
        Folder folder = Folder.of(FaultyFileSystem.settings(), files.path(local));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> folder.read("a")).isInstanceOf(UncheckedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aLargeFileIsReadThroughFaultsInItsMiddle() throws IOException {
        FaultyFileSystem files = FaultyFileSystem.of("large");
        Folder folder = folder(files);
        byte[] bytes = new byte[300_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((i * 31) >> 3);
        }
        folder.write("large", bytes);
        files.failing(0.05, 5);
        try (InputStream in = folder.open("large")) {
            assertThat(in.readNBytes(100_000)).isEqualTo(Arrays.copyOf(bytes, 100_000));
            in.skipNBytes(50_000);
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 150_000, bytes.length));
        }
        assertThat(files.faults()).isPositive();
    }

    /** The writer was killed after it had put the old file aside. */
    @Test
    void theFileBeforeIsFoundWhereAWriterWasKilledWhileItReplacedIt() throws IOException {
        FaultyFileSystem files = FaultyFileSystem.of("webhdfs", "killed");
        Folder folder = folder(files);
        folder.writeText("run.json", "before");
        AtomicBoolean killed = new AtomicBoolean(true);
        files.before((operation, path) -> {
            if (killed.get() && operation == Operation.RENAME && path.endsWith("/run.json")) {
                throw new AccessControlException("killed");
            }
        });
        assertThatThrownBy(() -> folder.writeText("run.json", "after")).hasMessageEndingWith("killed");
        assertThat(local.resolve("run.json")).doesNotExist();
        assertThat(folder.has("run.json")).isTrue();
        assertThat(folder.readText("run.json")).isEqualTo("before");

        killed.set(false);
        folder.writeText("run.json", "after");
        assertThat(folder.readText("run.json")).isEqualTo("after");
        folder.delete("run.json");
        assertThat(folder.has("run.json")).isFalse();
    }

    @Test
    void onAnObjectStoreNothingIsRenamed() {
        FaultyFileSystem files = FaultyFileSystem.of("s3a", "put");
        folder(files).writeText("a/b", "1");
        folder(files).writeText("a/b", "2");
        assertThat(files.asked(Operation.RENAME)).isZero();
        assertThat(folder(files).readText("a/b")).isEqualTo("2");
    }

    @Test
    void leftOversOfKilledWritersAreNotListedAndDeletedWhenOld() throws IOException {
        Path old = local.resolve("blocks/.state.json.0c5f.noprop-unfinished");
        Path older = local.resolve("blocks/.state.json.unfinished");
        Path young = local.resolve("blocks/.state.json.77aa.noprop-unfinished");
        Path others = local.resolve("blocks/.hidden");
        Files.createDirectories(old.getParent());
        for (Path file : List.of(old, older, young, others)) {
            Files.writeString(file, "half");
            if (!file.equals(young)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(7200)));
            }
        }
        Folder folder = Folder.of(new Configuration(), local.toString());
        assertThat(folder.folder("blocks").list())
                .extracting(child -> child.getPath().getName())
                .containsExactly(".hidden");
        folder.deleteUnfinished(Duration.ofHours(1));
        try (Stream<Path> left = Files.list(old.getParent())) {
            assertThat(left).containsExactlyInAnyOrder(young, others);
        }
    }

    @Test
    void anUnknownFileSystemIsNotWaitedFor() {
        long started = System.nanoTime();
        assertThatThrownBy(() -> Folder.of(new Configuration(), "nowhere://x/y").has("a"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Cannot reach the file system of nowhere://x/y: No FileSystem for scheme \"nowhere\"");
        assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }

    private Folder folder(FaultyFileSystem files) {
        return Folder.of(patient("5s"), files.path(local));
    }

    private static Configuration patient(String time) {
        Configuration hadoop = FaultyFileSystem.settings();
        hadoop.set(Retry.SETTING, time);
        return hadoop;
    }

    @Test
    void contentThatCannotBeUncompressedDoesNotPass() {
        for (String damage : List.of("FAILED_TO_UNCOMPRESS(5)", "Decompression error: Corrupted block detected")) {
            assertThat(Retry.mayPass(new IllegalStateException(new IOException(damage))))
                    .isFalse();
        }
        assertThat(Retry.mayPass(new IllegalStateException(new IOException("Connection reset"))))
                .isTrue();
    }
}
