package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server of the test's own, which stalls, cuts off and lies. */
class DatasetDownloadTest {
    private static final Download.Patience PATIENCE = new Download.Patience(2, Duration.ofMillis(300));

    @TempDir
    Path folder;

    private final byte[] content = new byte[300_000];
    private final List<String> ranges = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /** What the server does with a request for bytes from a place on. */
    private interface Answer {
        void give(HttpExchange exchange, int first) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        new SplittableRandom(3).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(Answer answer) {
        server.createContext("/data/", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            synchronized (ranges) {
                ranges.add(String.valueOf(range));
            }
            int first = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            try (exchange) {
                answer.give(exchange, first);
            }
        });
    }

    private void whole(HttpExchange exchange, int first, byte[] bytes) throws IOException {
        if (first > 0) {
            exchange.getResponseHeaders().add("Content-Range", "bytes " + first + "-" + (bytes.length - 1) + "/*");
        }
        exchange.sendResponseHeaders(first > 0 ? 206 : 200, bytes.length - first);
        exchange.getResponseBody().write(bytes, first, bytes.length - first);
    }

    private void some(HttpExchange exchange, int first, int count) throws IOException {
        if (first > 0) {
            exchange.getResponseHeaders().add("Content-Range", "bytes " + first + "-" + (content.length - 1) + "/*");
        }
        exchange.sendResponseHeaders(first > 0 ? 206 : 200, content.length - first);
        exchange.getResponseBody().write(content, first, count);
        exchange.getResponseBody().flush();
    }

    private String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/data/";
    }

    private DatasetDownload download(PublishedFile... files) {
        return DatasetDownload.of("Toys", address(), List.of(files));
    }

    private DatasetDownload file() throws Exception {
        return download(PublishedFile.plain("toys.bin", md5(content)));
    }

    private void assertRefused(DatasetDownload download, String reason) {
        assertThatThrownBy(() -> download.run(folder, PATIENCE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot download Toys from " + address() + "toys.bin: " + reason
                        + "; try again, or put toys.bin into " + folder + " yourself");
        assertThat(folder.resolve("toys.bin")).doesNotExist();
    }

    @Test
    void aWholeFileIsFetchedOnce() throws Exception {
        answer((exchange, first) -> whole(exchange, first, content));

        file().run(folder, PATIENCE);
        file().run(folder, PATIENCE);

        assertThat(folder.resolve("toys.bin")).hasBinaryContent(content);
        assertThat(ranges).containsExactly("null");
    }

    @Test
    void whereTheServerCutsOffAnotherAttemptGoesOn() throws Exception {
        answer((exchange, first) -> {
            if (first < 200_000) {
                some(exchange, first, 100_000);
            } else {
                whole(exchange, first, content);
            }
        });

        file().run(folder, PATIENCE);

        assertThat(folder.resolve("toys.bin")).hasBinaryContent(content);
        assertThat(ranges).containsExactly("null", "bytes=100000-", "bytes=200000-");
    }

    @Test
    void whereTheServerStallsAnotherAttemptGoesOn() throws Exception {
        answer((exchange, first) -> {
            if (first == 0) {
                some(exchange, first, 100_000);
                await();
            } else {
                whole(exchange, first, content);
            }
        });

        file().run(folder, PATIENCE);

        assertThat(folder.resolve("toys.bin")).hasBinaryContent(content);
        assertThat(ranges).containsExactly("null", "bytes=100000-");
    }

    private void await() throws IOException {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aServerThatOnlyStallsIsGivenUpAndTheNextDownloadGoesOn() throws Exception {
        Files.write(folder.resolve(".toys.bin.noprop-part"), Arrays.copyOf(content, 5_000));
        answer((exchange, first) -> {
            some(exchange, first, 0);
            await();
        });

        assertRefused(file(), "Read timed out");

        assertThat(ranges).containsExactly("bytes=5000-", "bytes=5000-");
        assertThat(folder.resolve(".toys.bin.noprop-part")).hasSize(5_000);
    }

    @Test
    void aServerThatIgnoresWhereToGoOnIsReadFromTheStart() throws Exception {
        Files.write(folder.resolve(".toys.bin.noprop-part"), new byte[70_000]);
        answer((exchange, first) -> whole(exchange, 0, content));

        file().run(folder, PATIENCE);

        assertThat(folder.resolve("toys.bin")).hasBinaryContent(content);
    }

    @Test
    void aServerThatGoesOnElsewhereIsNotBelieved() throws Exception {
        Files.write(folder.resolve(".toys.bin.noprop-part"), Arrays.copyOf(content, 70_000));
        answer((exchange, first) -> whole(exchange, first + 1, content));

        assertRefused(file(), "the server answers with status 206");
    }

    @Test
    void anotherFileThanPublishedIsDeleted() throws Exception {
        byte[] other = content.clone();
        other[7]++;
        answer((exchange, first) -> whole(exchange, first, other));

        assertRefused(
                file(), "what came has the MD5 " + md5(other) + " where " + md5(content) + " belongs, and was deleted");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aMissingFileSaysWhatToPutWhere() throws Exception {
        answer((exchange, first) -> exchange.sendResponseHeaders(404, -1));

        assertRefused(file(), "the server answers with status 404");
    }

    @Test
    void withoutAServerItSaysWhatToPutWhere() throws Exception {
        DatasetDownload download = file();
        server.stop(0);

        assertThatThrownBy(() -> download.run(folder, PATIENCE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Connection refused")
                .hasMessageEndingWith("; try again, or put toys.bin into " + folder + " yourself");
    }

    @Test
    void anArchiveIsUnpackedToTheFilesThatAreWanted() throws Exception {
        byte[] archive = archive("toys/a.bin", "aa", "toys/deep/b.bin", "b", "toys/readme.html", "x");
        answer((exchange, first) -> whole(exchange, first, archive));
        PublishedFile file = new PublishedFile("toys.tar.gz", md5(archive), List.of("a.bin", "b.bin"));

        download(file).run(folder, PATIENCE);
        download(file).run(folder, PATIENCE);

        assertThat(folder.resolve("a.bin")).hasContent("aa");
        assertThat(folder.resolve("b.bin")).hasContent("b");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("a.bin", "b.bin");
        assertThat(ranges).hasSize(1);
    }

    @Test
    void anArchiveThatWouldLeaveTheFolderIsRefused() throws Exception {
        assertArchiveRefused(
                archive("../a.bin", "aa"),
                "toys.tar.gz has an entry ../a.bin, which would leave the folder; nothing of it is to be trusted");
        assertThat(folder.resolveSibling("a.bin")).doesNotExist();
    }

    @Test
    void anArchiveWithoutAFileIsRefused() throws Exception {
        assertArchiveRefused(archive("toys/b.bin", "b"), "toys.tar.gz does not hold a.bin");
    }

    @Test
    void anArchiveWithALinkOrADeviceIsRefused() throws Exception {
        for (byte type : new byte[] {
            TarConstants.LF_SYMLINK,
            TarConstants.LF_LINK,
            TarConstants.LF_CHR,
            TarConstants.LF_BLK,
            TarConstants.LF_FIFO
        }) {
            assertArchiveRefused(
                    archiveOf(new TarArchiveEntry("toys/a.bin", type)),
                    "toys.tar.gz has an entry toys/a.bin, which is neither a file nor a folder; nothing of it is to be"
                            + " trusted");
        }
    }

    @Test
    void anArchiveThatIsThereIsCheckedAsADownloadedOne() throws Exception {
        byte[] archive = archive("toys/a.bin", "aa");
        Path there = Files.write(folder.resolve("toys.tar.gz"), archive("toys/a.bin", "other"));
        PublishedFile file = new PublishedFile("toys.tar.gz", md5(archive), List.of("a.bin"));
        assertThatThrownBy(() -> download(file).run(folder, PATIENCE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(there + " is there already and is not what Toys is published as (its MD5 is not "
                        + md5(archive) + "); delete it to have it downloaded, or unpack it there yourself");
        assertThat(folder.toFile().list()).containsExactly("toys.tar.gz");

        Files.write(there, archive);
        download(file).run(folder, PATIENCE);
        assertThat(folder.resolve("a.bin")).hasContent("aa");
        assertThat(there).hasBinaryContent(archive);
        assertThat(ranges).isEmpty();
    }

    @Test
    void filesThatAreThereStayAsTheyAre() throws Exception {
        byte[] archive = archive("toys/a.bin", "aa", "toys/b.bin", "b");
        answer((exchange, first) -> whole(exchange, first, archive));
        Path mine = Files.writeString(folder.resolve("a.bin"), "mine");
        Path part = Files.writeString(folder.resolve("b.bin.part"), "mine");
        Path whole = Files.writeString(folder.resolve("toys.tar.gz.part"), "mine");
        download(new PublishedFile("toys.tar.gz", md5(archive), List.of("a.bin", "b.bin")))
                .run(folder, PATIENCE);
        for (Path kept : List.of(mine, part, whole)) {
            assertThat(kept).hasContent("mine");
        }
        assertThat(folder.resolve("b.bin")).hasContent("b");
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("a.bin", "b.bin", "b.bin.part", "toys.tar.gz.part");
    }

    @Test
    void ofTwoThatWantTheSameFilesOneFetchesThem() throws Exception {
        byte[] archive = archive("toys/a.bin", "aa");
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        answer((exchange, first) -> {
            asked.countDown();
            try {
                second.await(2, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            whole(exchange, first, archive);
        });
        DatasetDownload download = download(new PublishedFile("toys.tar.gz", md5(archive), List.of("a.bin")));
        Download.Patience patient = new Download.Patience(2, Duration.ofSeconds(20));

        Future<?> one = threads.submit(() -> download.run(folder, patient));
        asked.await();
        Future<?> other = threads.submit(() -> download.run(folder, patient));
        assertThatThrownBy(() -> other.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        second.countDown();
        one.get();
        other.get();

        assertThat(folder.resolve("a.bin")).hasContent("aa");
        assertThat(folder.toFile().list()).containsExactly("a.bin");
        assertThat(ranges).hasSize(1);
    }

    private void assertArchiveRefused(byte[] archive, String reason) throws Exception {
        Path own = Files.createDirectories(folder.resolve("own"));
        Path file = Files.write(own.resolve("toys.tar.gz"), archive);
        assertThatThrownBy(() -> new TarArchive(file).unpack(List.of("a.bin"), own))
                .isInstanceOf(IOException.class)
                .hasMessage(reason);
        assertThat(own.toFile().list()).containsExactly("toys.tar.gz");
    }

    /** An archive of names and texts. */
    private static byte[] archive(String... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (int i = 0; i < entries.length; i += 2) {
                byte[] text = entries[i + 1].getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(entries[i], true);
                entry.setSize(text.length);
                tar.putArchiveEntry(entry);
                tar.write(text);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] archiveOf(TarArchiveEntry entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            entry.setLinkName("/etc/hostname");
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static String md5(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    }
}
