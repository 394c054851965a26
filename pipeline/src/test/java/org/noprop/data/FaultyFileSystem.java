package org.noprop.data;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.AbstractFileSystem;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under {@code faulty://ID/…}, for tests of what breaks: every operation may fail, before it is done or after
 * (an answer that was lost), may take its time, and is announced to a hook, which may fail or wait as well. Each id is an
 * instance of its own, so that tests beside each other do not meet. Like HDFS it replaces a file in one step;
 * {@code s3a://ID/…} is like an object store, where a written file appears when it is closed, and a rename copies and
 * deletes; {@code webhdfs://ID/…} leaves replacing to Hadoop, which deletes first.
 *
 * <p>Within a JVM {@link #of} gives the instance to set up; other JVMs take {@code fs.faulty.ID.rate} and
 * {@code fs.faulty.ID.seed} of their Hadoop settings.
 */
public final class FaultyFileSystem extends FilterFileSystem {
    private static final String LIKE_HDFS = "faulty";
    private static final String LIKE_S3 = "s3a";
    private static final String DELETES_FIRST = "webhdfs";

    /** What can go wrong. */
    public enum Operation {
        /** A file is opened to be read. */
        OPEN,
        /** Bytes are read. */
        READ,
        /** A file is made. */
        CREATE,
        /** Bytes are written. */
        WRITE,
        /** A written file is closed. */
        CLOSE,
        /** A file or folder gets another name. */
        RENAME,
        /** A folder is listed. */
        LIST,
        /** A path is looked at. */
        STATUS,
        /** A file or folder is deleted. */
        DELETE,
        /** A folder is made. */
        MKDIRS
    }

    /** Asked before an operation. */
    public interface Hook {
        /** May wait or fail. */
        void before(Operation operation, String path) throws IOException;
    }

    /** Asked before every file is written. */
    public interface WritingHook {
        /** May wait or fail. */
        void before(String path) throws IOException;
    }

    private final Map<Operation, AtomicInteger> asked = new EnumMap<>(Operation.class);
    private final AtomicInteger faults = new AtomicInteger();
    private URI uri;
    private SplittableRandom random = new SplittableRandom(0);
    private volatile double rate;
    private volatile Operation spared;
    private volatile Duration delay = Duration.ZERO;
    private volatile long downUntil = System.nanoTime();
    private volatile Hook hook = (operation, path) -> {};

    /** Made by Hadoop. */
    public FaultyFileSystem() {
        super(new Disk());
        for (Operation operation : Operation.values()) {
            asked.put(operation, new AtomicInteger());
        }
    }

    /** Makes these file systems known to Hadoop settings, such as a session's. */
    public static void register(Configuration hadoop) {
        for (String scheme : List.of(LIKE_HDFS, LIKE_S3, DELETES_FIRST)) {
            hadoop.setClass("fs." + scheme + ".impl", FaultyFileSystem.class, FileSystem.class);
            hadoop.setClass(
                    "fs.AbstractFileSystem." + scheme + ".impl",
                    scheme.equals(LIKE_HDFS) ? ReplacingContext.class : Context.class,
                    AbstractFileSystem.class);
        }
    }

    /** Hadoop settings that know these file systems. */
    public static Configuration settings() {
        Configuration hadoop = new Configuration();
        register(hadoop);
        return hadoop;
    }

    /** The one of this id, in this JVM: the same for all who ask for its paths. */
    public static FaultyFileSystem of(String id) {
        return of(LIKE_HDFS, id);
    }

    /** The same of another scheme, {@code s3a} or {@code webhdfs}. */
    public static FaultyFileSystem of(String scheme, String id) {
        try {
            return (FaultyFileSystem) FileSystem.get(URI.create(scheme + "://" + id + "/"), settings());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void initialize(URI name, Configuration hadoop) throws IOException {
        if (uri != null) {
            return; // By a FileContext, which takes the instance that is there.
        }
        uri = URI.create(name.getScheme() + "://" + name.getAuthority());
        super.initialize(uri, hadoop);
        String prefix = "fs." + LIKE_HDFS + "." + name.getAuthority() + ".";
        failing(hadoop.getDouble(prefix + "rate", 0), hadoop.getLong(prefix + "seed", 0));
    }

    /** The same folder on this file system. */
    public String path(java.nio.file.Path local) {
        return uri + local.toAbsolutePath().toString();
    }

    /** From now on each operation fails with this probability. */
    public FaultyFileSystem failing(double probability, long seed) {
        synchronized (faults) {
            random = new SplittableRandom(seed);
            rate = probability;
        }
        return this;
    }

    /** From now on operations of this kind do not fail by chance. */
    public FaultyFileSystem sparing(Operation operation) {
        spared = operation;
        return this;
    }

    /** From now on each operation takes this long. */
    public FaultyFileSystem taking(Duration time) {
        delay = time;
        return this;
    }

    /** Every operation fails for so long from now. */
    public FaultyFileSystem downFor(Duration time) {
        downUntil = System.nanoTime() + time.toNanos();
        return this;
    }

    /** Asks this one from now on. */
    public FaultyFileSystem before(Hook asks) {
        hook = asks;
        return this;
    }

    /** Asks this one from now on before files are written. */
    public FaultyFileSystem beforeWriting(WritingHook asks) {
        return before((operation, path) -> {
            if (operation == Operation.CREATE) {
                asks.before(path);
            }
        });
    }

    /** How many operations have failed by chance or while it was down. */
    public int faults() {
        return faults.get();
    }

    /** How often an operation was asked for. */
    public int asked(Operation operation) {
        return asked.get(operation).get();
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T attempt(Operation operation, Path path, Work<T> work) throws IOException {
        String name = path.toUri().getPath();
        asked.get(operation).incrementAndGet();
        LockSupport.parkNanos(delay.toNanos());
        hook.before(operation, name);
        if (System.nanoTime() - downUntil < 0) {
            throw fault(operation, name, "the file system is down");
        }
        double chance = spared == operation ? 1 : chance();
        if (chance < rate / 2) {
            throw fault(operation, name, "fault before it");
        }
        T result = work.run();
        if (chance < rate) {
            throw fault(operation, name, "fault after it");
        }
        return result;
    }

    private double chance() {
        synchronized (faults) {
            return random.nextDouble();
        }
    }

    private IOException fault(Operation operation, String path, String what) {
        faults.incrementAndGet();
        return new IOException(operation + " " + path + ": " + what);
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return attempt(
                Operation.OPEN, path, () -> new FSDataInputStream(new FaultyInput(path, fs.open(path, bufferSize))));
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        return attempt(Operation.CREATE, path, () -> {
            OutputStream out = isLikeS3()
                    ? new Upload(local(path), overwrite)
                    : fs.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
            return new FSDataOutputStream(new FaultyOutput(path, out), null);
        });
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        return attempt(Operation.RENAME, to, () -> {
            if (!isLikeS3()) {
                return fs.rename(from, to);
            }
            Files.copy(local(from), local(to), StandardCopyOption.REPLACE_EXISTING);
            Files.delete(local(from));
            return true;
        });
    }

    private boolean isLikeS3() {
        return uri.getScheme().equals(LIKE_S3);
    }

    @Override
    @SuppressWarnings("deprecation")
    protected void rename(Path from, Path to, Options.Rename... options) throws IOException {
        attempt(Operation.RENAME, to, () -> {
            super.rename(from, to, options);
            return null;
        });
    }

    private void replace(Path from, Path to) throws IOException {
        attempt(Operation.RENAME, to, () -> Files.move(local(from), local(to), StandardCopyOption.ATOMIC_MOVE));
    }

    private static java.nio.file.Path local(Path path) {
        return java.nio.file.Path.of(path.toUri().getPath());
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return attempt(Operation.LIST, path, () -> fs.listStatus(path));
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return attempt(Operation.STATUS, path, () -> fs.getFileStatus(path));
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        return attempt(Operation.DELETE, path, () -> fs.delete(path, recursive));
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        return attempt(Operation.MKDIRS, path, () -> fs.mkdirs(path, permission));
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        return attempt(Operation.MKDIRS, path, () -> fs.mkdirs(path));
    }

    /** The local disk under the address of the file system over it. */
    private static final class Disk extends RawLocalFileSystem {
        private URI uri = super.getUri();

        @Override
        public URI getUri() {
            return uri == null ? super.getUri() : uri;
        }

        @Override
        public void initialize(URI name, Configuration hadoop) throws IOException {
            uri = name;
            super.initialize(name, hadoop);
        }
    }

    private final class FaultyInput extends FSInputStream {
        private final Path path;
        private final FSDataInputStream in;

        FaultyInput(Path path, FSDataInputStream in) {
            this.path = path;
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return attempt(Operation.READ, path, in::read);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return attempt(Operation.READ, path, () -> in.read(into, offset, length));
        }

        @Override
        public void seek(long position) throws IOException {
            in.seek(position);
        }

        @Override
        public long getPos() throws IOException {
            return in.getPos();
        }

        @Override
        public long skip(long bytes) throws IOException {
            return attempt(Operation.READ, path, () -> in.skip(bytes));
        }

        @Override
        public boolean seekToNewSource(long position) throws IOException {
            return in.seekToNewSource(position);
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private final class FaultyOutput extends FilterOutputStream implements Abortable, StreamCapabilities {
        private final Path path;

        FaultyOutput(Path path, OutputStream out) {
            super(out);
            this.path = path;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            attempt(Operation.WRITE, path, () -> {
                out.write(bytes, offset, length);
                return null;
            });
        }

        @Override
        public void close() throws IOException {
            try {
                attempt(Operation.CLOSE, path, () -> {
                    out.close();
                    return null;
                });
            } finally {
                out.close();
            }
        }

        @Override
        public boolean hasCapability(String capability) {
            return isLikeS3() && capability.equals(ABORTABLE_STREAM);
        }

        /** Nothing of it was uploaded. */
        @Override
        public AbortableResult abort() {
            return null;
        }
    }

    /** A file that is there when it is closed. */
    private static final class Upload extends ByteArrayOutputStream {
        private final java.nio.file.Path target;
        private boolean closed;

        Upload(java.nio.file.Path target, boolean overwrite) throws IOException {
            this.target = target;
            if (!overwrite && Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                Files.createDirectories(target.getParent());
                java.nio.file.Path complete = Files.createTempFile(target.getParent(), ".upload", null);
                Files.write(complete, toByteArray());
                Files.move(complete, target, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** What {@code FileContext} asks for; it replaces a file as {@link AbstractFileSystem} does. */
    public static class Context extends DelegateToFileSystem {
        private final FaultyFileSystem files;

        /** Made by Hadoop. */
        public Context(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
            this(uri, hadoop, (FaultyFileSystem) FileSystem.get(uri, hadoop));
        }

        private Context(URI uri, Configuration hadoop, FaultyFileSystem files) throws IOException, URISyntaxException {
            super(uri, files, hadoop, uri.getScheme(), false);
            this.files = files;
        }

        @Override
        public URI getUri() {
            return files == null ? super.getUri() : files.getUri();
        }

        @Override
        public void checkPath(Path path) {
            files.checkPath(path);
        }
    }

    /** The same, but replacing a file is one step. */
    public static final class ReplacingContext extends Context {
        /** Made by Hadoop. */
        public ReplacingContext(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
            super(uri, hadoop);
        }

        @Override
        public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
            if (overwrite) {
                of(getUri().getAuthority()).replace(from, to);
            } else {
                renameInternal(from, to);
            }
        }
    }
}
