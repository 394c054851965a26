package org.noprop.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * An object store in memory under {@code s3a://NAME/…}, for tests of what holds on no disk: a file appears when its writer
 * closes it and replaces what was there, a rename looks, copies and deletes, folders are prefixes of names, and times are
 * whole seconds. Whoever has the name has the store.
 */
public final class ObjectStore extends FileSystem {
    private static final Map<String, NavigableMap<String, Content>> STORES = new ConcurrentHashMap<>();
    private static final long SECOND = 1000;
    private static final long BLOCK = 1L << 25;

    private URI uri;
    private NavigableMap<String, Content> objects;

    private record Content(byte[] bytes, long time) {
        static Content of(byte[] bytes) {
            return new Content(bytes, System.currentTimeMillis() / SECOND * SECOND);
        }
    }

    /** Hadoop settings under which {@code s3a} is this. */
    public static void register(Configuration hadoop) {
        hadoop.setClass("fs.s3a.impl", ObjectStore.class, FileSystem.class);
    }

    @Override
    public void initialize(URI name, Configuration hadoop) throws IOException {
        super.initialize(name, hadoop);
        setConf(hadoop);
        uri = URI.create("s3a://" + name.getAuthority());
        objects = STORES.computeIfAbsent(name.getAuthority(), bucket -> new ConcurrentSkipListMap<>());
    }

    @Override
    public String getScheme() {
        return "s3a";
    }

    @Override
    public URI getUri() {
        return uri;
    }

    private String key(Path path) {
        return makeQualified(path).toUri().getPath();
    }

    private NavigableMap<String, Content> below(String key) {
        String prefix = key.endsWith("/") ? key : key + "/";
        return objects.subMap(prefix, true, prefix + Character.MAX_VALUE, true);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        Content content = objects.get(key(path));
        if (content == null) {
            throw new FileNotFoundException(path + " does not exist");
        }
        return new FSDataInputStream(new Reader(content.bytes()));
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
        String key = key(path);
        if (!overwrite && objects.containsKey(key)) {
            throw new FileAlreadyExistsException(path + " is there");
        }
        ByteArrayOutputStream written = new ByteArrayOutputStream() {
            @Override
            public void close() {
                objects.put(key, Content.of(toByteArray()));
            }
        };
        return new FSDataOutputStream(written, null);
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("Objects do not grow");
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        FileStatus source = getFileStatus(from);
        String target = key(to);
        if (exists(to)) {
            if (!getFileStatus(to).isDirectory()) {
                return false;
            }
            target += "/" + from.getName();
        }
        if (source.isFile()) {
            objects.put(target, Content.of(objects.get(key(from)).bytes()));
            objects.remove(key(from));
            return true;
        }
        for (Map.Entry<String, Content> object : below(key(from)).entrySet()) {
            objects.put(target + object.getKey().substring(key(from).length()), object.getValue());
            objects.remove(object.getKey());
        }
        return true;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        NavigableMap<String, Content> children = below(key(path));
        boolean there = objects.remove(key(path)) != null || !children.isEmpty();
        if (!recursive && children.keySet().stream().anyMatch(name -> !name.endsWith("/"))) {
            throw new IOException(path + " is not empty");
        }
        children.clear();
        return there;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        String key = key(path);
        Content file = objects.get(key);
        if (file != null) {
            return new FileStatus[] {status(key, file)};
        }
        if (below(key).isEmpty()) {
            throw new FileNotFoundException(path + " does not exist");
        }
        int start = key.endsWith("/") ? key.length() : key.length() + 1;
        List<FileStatus> found = new ArrayList<>();
        SortedSet<String> folders = new TreeSet<>();
        below(key).forEach((name, content) -> {
            int end = name.indexOf('/', start);
            if (end >= 0 && end > start) {
                folders.add(name.substring(0, end));
            } else if (end < 0 && name.length() > start) {
                found.add(status(name, content));
            }
        });
        folders.forEach(folder -> found.add(folder(folder)));
        return found.toArray(FileStatus[]::new);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        String key = key(path);
        Content file = objects.get(key);
        if (file != null) {
            return status(key, file);
        }
        if (path.isRoot() || !below(key).isEmpty()) {
            return folder(key);
        }
        throw new FileNotFoundException(path + " does not exist");
    }

    private FileStatus status(String key, Content content) {
        return new FileStatus(content.bytes().length, false, 1, BLOCK, content.time(), new Path(uri + key));
    }

    private FileStatus folder(String key) {
        return new FileStatus(0, true, 1, 0, 0, new Path(uri + key));
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) {
        if (!path.isRoot()) {
            objects.putIfAbsent(key(path) + "/", Content.of(new byte[0]));
        }
        return true;
    }

    @Override
    public void setWorkingDirectory(Path path) {}

    @Override
    public Path getWorkingDirectory() {
        return new Path(uri + "/");
    }

    private static final class Reader extends FSInputStream {
        private final byte[] bytes;
        private final ByteArrayInputStream in;

        Reader(byte[] bytes) {
            this.bytes = bytes;
            this.in = new ByteArrayInputStream(bytes);
        }

        @Override
        public void seek(long position) throws IOException {
            if (position > bytes.length) {
                throw new EOFException("Beyond the end");
            }
            in.reset();
            in.skipNBytes(position);
        }

        @Override
        public long getPos() {
            return (long) bytes.length - in.available();
        }

        @Override
        public boolean seekToNewSource(long position) {
            return false;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return in.read(into, offset, length);
        }
    }
}
