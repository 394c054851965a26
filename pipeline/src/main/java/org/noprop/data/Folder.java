package org.noprop.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of any Hadoop file system and the small files in it. Failures of the file system itself end in
 * an {@link UncheckedIOException}, which a Spark task may retry.
 */
record Folder(Configuration hadoop, Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);

    static Folder of(Configuration hadoop, String path) {
        return new Folder(hadoop, new Path(path));
    }

    Folder folder(String relative) {
        return new Folder(hadoop, new Path(path, relative));
    }

    String name() {
        return path.getName();
    }

    Path file(String relative) {
        return new Path(path, relative);
    }

    FileSystem system() {
        try {
            return path.getFileSystem(hadoop);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean exists() {
        return exists(path);
    }

    boolean has(String relative) {
        return exists(file(relative));
    }

    private boolean exists(Path file) {
        try {
            return system().exists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look for " + file, e);
        }
    }

    /** What lies directly in it, by name; nothing where it does not exist. */
    List<FileStatus> list() {
        try {
            FileStatus[] children = system().listStatus(path);
            Arrays.sort(children);
            return List.of(children);
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + path, e);
        }
    }

    byte[] read(String relative) {
        Path file = file(relative);
        try (InputStream in = plain().open(file)) {
            return in.readAllBytes();
        } catch (ChecksumException e) {
            throw new DamagedFileException(
                    "Cannot read " + file + ": it does not match the checksum that its file system keeps of it", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /**
     * The file system; of a local disk without the checksums that Hadoop keeps there in a second file, which a
     * writer that is killed leaves behind the first. What matters here has checksums of its own.
     */
    private FileSystem plain() {
        FileSystem system = system();
        return system instanceof LocalFileSystem local ? local.getRawFileSystem() : system;
    }

    String readText(String relative) {
        return new String(read(relative), StandardCharsets.UTF_8);
    }

    /** Writes a file beside its place and moves it there, so that a reader never sees half of it. */
    void write(String relative, byte[] bytes) {
        Path file = file(relative);
        Path unfinished = new Path(file.getParent(), "." + file.getName() + ".unfinished");
        try {
            try (OutputStream out = plain().create(unfinished, true)) {
                out.write(bytes);
            }
            replace(file, unfinished);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    /** On a local disk Hadoop would start a process for each part of the paths to see whether it is a link. */
    private void replace(Path file, Path by) throws IOException {
        if (system() instanceof LocalFileSystem local) {
            Files.move(local.pathToFile(by).toPath(), local.pathToFile(file).toPath(), StandardCopyOption.ATOMIC_MOVE);
        } else {
            context().rename(by, file, Options.Rename.OVERWRITE);
        }
    }

    void writeText(String relative, String text) {
        write(relative, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes a file that must not be there yet, whole or not at all; says whether it was not. Of several who try at once,
     * one succeeds.
     */
    boolean writeNewText(String relative, String text) {
        Path file = file(relative);
        Path unfinished = beside(file);
        try {
            try (OutputStream out = plain().create(unfinished, true)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            try {
                return placeNew(unfinished, file);
            } finally {
                system().delete(unfinished, false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    /** On a local disk a rename may replace what another has just put there, and a link never does. */
    private boolean placeNew(Path unfinished, Path file) throws IOException {
        if (system() instanceof LocalFileSystem local) {
            try {
                Files.createLink(
                        local.pathToFile(file).toPath(),
                        local.pathToFile(unfinished).toPath());
                return true;
            } catch (java.nio.file.FileAlreadyExistsException e) {
                return false;
            } catch (UnsupportedOperationException | FileSystemException e) {
                LOG.debug("No links on the disk of {}", file, e);
            }
        }
        try {
            context().rename(unfinished, file, Options.Rename.NONE);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static Path beside(Path file) {
        return new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
    }

    private FileContext context() throws IOException {
        return FileContext.getFileContext(system().getUri(), hadoop);
    }

    /** Deletes it with all that is in it; does nothing where it does not exist. */
    void delete() {
        delete(path);
    }

    void delete(String relative) {
        delete(file(relative));
    }

    private void delete(Path target) {
        try {
            system().delete(target, true);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + target, e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
