package org.noprop.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file from a server that may stall, cut off and lie. What has come lies beside the target as {@link #part}, from where
 * another attempt, or another download, goes on; the target appears only with the right checksum.
 */
public final class Download {
    private static final Logger log = LoggerFactory.getLogger(Download.class);
    private static final long MOST_BYTES = 1L << 31;
    private static final int BUFFER = 1 << 16;
    private static final double MB = 1e6;

    private final URI source;
    private final Path target;
    private final Path part;
    private final String md5;
    private final Patience patience;

    /**
     * How long to bear with a server.
     *
     * @param attempts that bring nothing, at least 1
     * @param silence after which an attempt ends
     */
    public record Patience(int attempts, Duration silence) {}

    /**
     * The download of a file.
     *
     * @param md5 its checksum in hexadecimal
     */
    Download(URI source, Path target, String md5, Patience patience) {
        this.source = source;
        this.target = target;
        this.part = part(target);
        this.md5 = md5;
        this.patience = patience;
    }

    /** Where a file lies until it is whole, under a name that is ours. */
    static Path part(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".noprop-part");
    }

    /**
     * Downloads it.
     *
     * @throws IOException if it cannot be had, or is another file
     */
    void run() throws IOException {
        int fruitless = 0;
        boolean whole = false;
        while (!whole) {
            long before = size();
            try {
                whole = attempt(before);
            } catch (UnknownHostException e) {
                throw new IOException("there is no connection to " + e.getMessage(), e);
            } catch (IOException e) {
                fruitless = size() > before ? 0 : fruitless + 1;
                log.warn("{} broke off after {} MB: {}", source, size() / MB, e.getMessage());
                if (fruitless >= patience.attempts()) {
                    throw e;
                }
            }
        }
        check();
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        log.info("{} is downloaded", target);
    }

    private long size() throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    /** Fetches what lies behind the first bytes, which are there; whether it ended where the server said. */
    private boolean attempt(long first) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) source.toURL().openConnection();
        connection.setConnectTimeout(Math.toIntExact(patience.silence().toMillis()));
        connection.setReadTimeout(Math.toIntExact(patience.silence().toMillis()));
        if (first > 0) {
            connection.setRequestProperty("Range", "bytes=" + first + "-");
        }
        try {
            int status = connection.getResponseCode();
            if (status == 416) {
                // There is nothing behind what is there: it may be whole, and its checksum tells.
                return true;
            }
            boolean goesOn = status == HttpURLConnection.HTTP_PARTIAL
                    && String.valueOf(connection.getHeaderField("Content-Range"))
                            .startsWith("bytes " + first + "-");
            if (status != HttpURLConnection.HTTP_OK && !goesOn) {
                throw new IOException("the server answers with status " + status);
            }
            receive(connection, goesOn ? first : 0);
            return true;
        } finally {
            connection.disconnect();
        }
    }

    private void receive(HttpURLConnection connection, long first) throws IOException {
        long promised = connection.getContentLengthLong();
        long bytes = first;
        try (InputStream in = connection.getInputStream();
                OutputStream out = first > 0
                        ? Files.newOutputStream(part, StandardOpenOption.APPEND)
                        : Files.newOutputStream(part)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                logProgress(bytes, bytes + read, first + promised);
                bytes += read;
                if (bytes > MOST_BYTES) {
                    throw new IOException("it does not end");
                }
            }
        }
        if (promised >= 0 && bytes != first + promised) {
            throw new IOException("it ended after " + bytes + " of " + (first + promised) + " bytes");
        }
    }

    /** At every tenth of what the server promised. */
    private void logProgress(long before, long now, long promised) {
        if (promised > 0 && 10 * before / promised != 10 * now / promised) {
            log.info("{}: {} of {} MB", target.getFileName(), now / MB, promised / MB);
        }
    }

    private void check() throws IOException {
        String found = md5(part);
        if (!found.equals(md5)) {
            Files.delete(part);
            throw new IOException("what came has the MD5 " + found + " where " + md5 + " belongs, and was deleted");
        }
    }

    static String md5(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has MD5", e);
        }
    }
}
