package org.noprop.data;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.AbstractFileSystem;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of any Hadoop file system and the small files in it: the one place that knows by which step of a file system a
 * file is replaced, so that a reader finds the old one or the new one, whole.
 *
 * <ul>
 *   <li><em>Local disk</em>: the file is written beside its place and moved there by rename(2), one step.
 *   <li><em>HDFS</em> and every other one whose {@code AbstractFileSystem} replaces a file by itself, such as ViewFs: the
 *       same by {@code FileContext.rename(OVERWRITE)}, one step of the name node.
 *   <li><em>Object stores</em> (S3, Google's, Alibaba's, Tencent's, Huawei's), where a rename looks, copies and deletes: the
 *       file is written under its name, where it appears when it is complete.
 *   <li><em>All others</em>, WebHDFS and Azure's among them, would delete the file before they rename another to its name:
 *       the old one is kept as {@code .NAME.noprop-before} meanwhile, where readers of this class find it.
 * </ul>
 *
 * <p>Steps that fail are taken again ({@link Retry}). What fails for good ends in an {@link java.io.UncheckedIOException},
 * which may pass and says nothing against the file.
 */
record Folder(Configuration hadoop, Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);
    private static final Set<String> OBJECT_STORES = Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn", "obs");
    private static final String UNFINISHED = ".noprop-unfinished";
    private static final String BEFORE = ".noprop-before";
    /** At a file and at the one before it, in turn, while writers replace it. */
    private static final int LOOKS = 4;

    private static final int BUFFER = 1 << 20;

    /** By which step a file is replaced. */
    private enum Replacing {
        MOVE,
        RENAME,
        PUT,
        KEEP_BEFORE
    }

    static Folder of(Configuration hadoop, String path) {
        return new Folder(hadoop, Paths.of(path));
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
        return system(hadoop, path);
    }

    static FileSystem system(Configuration hadoop, Path path) {
        return Retry.of(hadoop, "Cannot reach the file system of " + path, again -> path.getFileSystem(hadoop));
    }

    boolean has(String relative) {
        return has(file(relative));
    }

    /** Whether anything is at its path. */
    boolean exists() {
        return has(path);
    }

    private boolean has(Path file) {
        FileSystem system = system();
        boolean kept = replacing() == Replacing.KEEP_BEFORE;
        return Retry.of(
                hadoop,
                "Cannot look for " + file,
                again -> system.exists(file) || (kept && (system.exists(before(file)) || system.exists(file))));
    }

    /** What lies directly in it, by name, without what a writer has not finished; nothing where it does not exist. */
    List<FileStatus> list() {
        return Arrays.stream(statuses())
                .filter(child -> !isUnfinished(child.getPath().getName()))
                .sorted()
                .toList();
    }

    List<String> names() {
        return list().stream().map(child -> child.getPath().getName()).toList();
    }

    private FileStatus[] statuses() {
        return Retry.of(hadoop, "Cannot list " + path, again -> {
            try {
                return system().listStatus(path);
            } catch (FileNotFoundException e) {
                if (Retry.isMissing(e)) {
                    return new FileStatus[0];
                }
                throw e;
            }
        });
    }

    /** Whether a file of that name is one that {@link #write} has in hand, or was killed over. */
    static boolean isUnfinished(String name) {
        return name.startsWith(".") && (name.endsWith("unfinished") || name.endsWith(BEFORE));
    }

    /** Deletes what writers that were killed have left in it and below: whatever has not changed for so long. */
    void deleteUnfinished(Duration silence) {
        if (replacing() == Replacing.PUT) {
            return;
        }
        long latest = System.currentTimeMillis() - silence.toMillis();
        for (FileStatus child : statuses()) {
            String name = child.getPath().getName();
            if (child.isDirectory()) {
                new Folder(hadoop, child.getPath()).deleteUnfinished(silence);
            } else if (isUnfinished(name) && !name.endsWith(BEFORE) && child.getModificationTime() < latest) {
                delete(child.getPath());
            }
        }
    }

    /**
     * The bytes of a file.
     *
     * @throws DamagedFileException if they do not match the checksums that the file system itself keeps
     */
    byte[] read(String relative) {
        Path file = file(relative);
        if (replacing() != Replacing.KEEP_BEFORE) {
            return bytes(file);
        }
        for (int i = 0; i < LOOKS; i++) {
            Path looked = i % 2 == 0 ? file : before(file);
            try {
                return bytes(looked);
            } catch (UncheckedIOException e) {
                if (!Retry.isMissing(e.getCause())) {
                    throw e;
                }
            }
        }
        return bytes(file);
    }

    /** From its beginning after each failure: it may be replaced meanwhile. */
    private byte[] bytes(Path file) {
        return Retry.of(hadoop, "Cannot read " + file, again -> {
            try (InputStream in = plain().open(file)) {
                return new BufferedInputStream(in, BUFFER).readAllBytes();
            } catch (ChecksumException e) {
                throw new DamagedFileException(
                        "Cannot read " + file + ": it does not match the checksum that its file system keeps of it", e);
            }
        });
    }

    /** The bytes of a large file that nobody replaces, one after the other. */
    InputStream open(String relative) {
        return RetriedInput.open(hadoop, system(), file(relative));
    }

    /** The bytes that a file has. */
    long length(String relative) {
        Path file = file(relative);
        return Retry.of(hadoop, "Cannot read " + file, again -> system().getFileStatus(file))
                .getLen();
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

    /** Writes a file with the folders it needs; a reader finds the one before or this one, never half of it. */
    void write(String relative, byte[] bytes) {
        Path file = plain().makeQualified(file(relative));
        String failure = "Cannot write " + file(relative);
        Replacing step = replacing();
        if (step == Replacing.PUT) {
            Retry.of(hadoop, failure, again -> put(file, bytes));
            return;
        }
        Path unfinished = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID() + UNFINISHED);
        try {
            Retry.of(hadoop, failure, again -> put(unfinished, bytes));
            Retry.of(hadoop, failure, again -> replace(file, unfinished, step, again));
        } catch (RuntimeException | Error e) {
            deleteIfPossible(unfinished);
            throw e;
        }
    }

    private Path put(Path file, byte[] bytes) throws IOException {
        FSDataOutputStream out = plain().create(file, true);
        try {
            out.write(bytes);
        } catch (IOException | RuntimeException | Error e) {
            discard(out, file);
            throw e;
        }
        out.close();
        return file;
    }

    /** On an object store a closed stream is a file, however little of it was written. */
    private void discard(FSDataOutputStream out, Path file) {
        try {
            if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
                out.abort();
            } else if (replacing() != Replacing.PUT) {
                out.close();
            }
        } catch (IOException | FSError e) {
            LOG.debug("Leaving {} unfinished", file, e);
        }
    }

    /**
     * Takes the step.
     *
     * @param again whether it may be done already: its name tells, which nobody else has
     */
    private Path replace(Path file, Path by, Replacing step, boolean again) throws IOException {
        if (again && !plain().exists(by)) {
            return file;
        }
        switch (step) {
            case MOVE -> Files.move(local(by), local(file), StandardCopyOption.ATOMIC_MOVE);
            case RENAME -> context().rename(by, file, Options.Rename.OVERWRITE);
            default -> replaceKeepingBefore(file, by);
        }
        return file;
    }

    private void replaceKeepingBefore(Path file, Path by) throws IOException {
        FileSystem system = system();
        if (system.exists(file)) {
            system.delete(before(file), false);
            rename(system, file, before(file));
        }
        rename(system, by, file);
        system.delete(before(file), false);
    }

    /** Fails by what may pass where the file is not there: another writer has it in hand. */
    private static void rename(FileSystem system, Path from, Path to) throws IOException {
        boolean done;
        try {
            done = system.rename(from, to);
        } catch (FileNotFoundException e) {
            done = false;
        }
        if (!done) {
            throw new IOException(from + " could not be renamed to " + to.getName());
        }
    }

    private static Path before(Path file) {
        return new Path(file.getParent(), "." + file.getName() + BEFORE);
    }

    private Replacing replacing() {
        FileSystem system = system();
        if (system instanceof LocalFileSystem) {
            return Replacing.MOVE;
        }
        if (OBJECT_STORES.contains(system.getUri().getScheme())) {
            return Replacing.PUT;
        }
        return replacesByItself(system) ? Replacing.RENAME : Replacing.KEEP_BEFORE;
    }

    /** A class that leaves it to {@code AbstractFileSystem} deletes the old file first. */
    private boolean replacesByItself(FileSystem system) {
        Class<?> type =
                hadoop.getClass("fs.AbstractFileSystem." + system.getUri().getScheme() + ".impl", null);
        try {
            return type != null
                    && type.getMethod("renameInternal", Path.class, Path.class, boolean.class)
                                    .getDeclaringClass()
                            != AbstractFileSystem.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("Hadoop has another AbstractFileSystem", e);
        }
    }

    /** Hadoop's own rename would start a process for each part of the paths. */
    private java.nio.file.Path local(Path file) {
        return ((LocalFileSystem) system()).pathToFile(file).toPath();
    }

    private FileContext context() throws IOException {
        return FileContext.getFileContext(system().getUri(), hadoop);
    }

    void writeText(String relative, String text) {
        write(relative, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Deletes it with all that is in it; does nothing where it does not exist. */
    void delete() {
        delete(path);
    }

    void delete(String relative) {
        delete(file(relative));
    }

    /**
     * Deletes the files in it and below whose names are ours, and the folders that hold nothing else.
     *
     * @return whether it is gone
     */
    boolean deleteOurs(Pattern ours) {
        List<FileStatus> files = new ArrayList<>();
        boolean wholly = true;
        for (FileStatus child : statuses()) {
            String name = child.getPath().getName();
            if (child.isDirectory()) {
                wholly &= new Folder(hadoop, child.getPath()).deleteOurs(ours);
            } else if (isUnfinished(name) || ours.matcher(name).matches()) {
                files.add(child);
            } else {
                wholly = false;
            }
        }
        if (wholly) {
            delete(path);
        } else {
            files.forEach(file -> delete(file.getPath()));
        }
        return wholly;
    }

    private void delete(Path target) {
        FileSystem system = system();
        boolean kept = replacing() == Replacing.KEEP_BEFORE;
        Retry.of(hadoop, "Cannot delete " + target, again -> {
            if (kept) {
                system.delete(before(target), false);
            }
            return system.delete(target, true);
        });
    }

    private void deleteIfPossible(Path unfinished) {
        try {
            plain().delete(unfinished, false);
        } catch (IOException | RuntimeException e) {
            LOG.debug("Leaving {} behind", unfinished, e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
