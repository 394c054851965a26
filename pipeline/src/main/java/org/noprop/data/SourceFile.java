package org.noprop.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A published file of a dataset, compressed by gzip or not: its first two bytes tell which. */
final class SourceFile {
    private static final String GZIP_SUFFIX = ".gz";
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int BUFFER = 1 << 16;
    private static final int MOST_TEXT = 1 << 20;

    private final Folder folder;
    private final String name;

    private SourceFile(Folder folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /**
     * The file of that name.
     *
     * @param help what to do if there is none
     * @throws InvalidInputException if there is none
     */
    static SourceFile find(Configuration hadoop, String folder, String name, String help) {
        return found(hadoop, folder, name)
                .orElseThrow(() -> new InvalidInputException("There is no " + new Path(folder, name) + ": " + help));
    }

    /**
     * The file of that name, or of that name with {@code .gz}.
     *
     * @param help what to do if there is neither
     * @throws InvalidInputException if there is neither
     */
    static SourceFile findGzippedOrNot(Configuration hadoop, String folder, String name, String help) {
        return found(hadoop, folder, name)
                .or(() -> found(hadoop, folder, name + GZIP_SUFFIX))
                .orElseThrow(() -> new InvalidInputException(
                        "There is no " + new Path(folder, name) + " (nor " + name + GZIP_SUFFIX + "): " + help));
    }

    private static Optional<SourceFile> found(Configuration hadoop, String folder, String name) {
        Folder in = Folder.of(hadoop, folder);
        return in.has(name) ? Optional.of(new SourceFile(in, name)) : Optional.empty();
    }

    /** Its bytes, without compression. */
    InputStream open() {
        try {
            InputStream raw = new BufferedInputStream(folder.open(name), BUFFER);
            raw.mark(2);
            int magic = raw.read() << 8 | raw.read();
            raw.reset();
            return magic == GZIP_MAGIC ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER) : raw;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Its lines of text, without blank ones. */
    List<String> lines() {
        try (InputStream in = open()) {
            byte[] bytes = in.readNBytes(MOST_TEXT + 1);
            if (bytes.length > MOST_TEXT) {
                throw invalid("more than " + MOST_TEXT + " bytes of text (another file?)");
            }
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Its length as it is stored. */
    long length() {
        return folder.length(name);
    }

    DamagedFileException invalid(String what) {
        return new DamagedFileException("Cannot read " + this + ": " + what, null);
    }

    /** After a failure that is of the bytes: one of the file system ends in another exception. */
    DamagedFileException failed(IOException cause) {
        String reason = cause instanceof EOFException ? "it ends early" : cause.getMessage();
        return new DamagedFileException("Cannot read " + this + ": " + reason + " (damaged download?)", cause);
    }

    @Override
    public String toString() {
        return folder.file(name).toString();
    }
}
