package org.noprop.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.DamagedImageException;

/** Files of images, which tasks read one after the other, each once. */
final class ImageFiles {
    /** Of the files that a task reads. */
    private static final long MOST_BYTES = 32L << 20;

    private static final int MOST_FILES = 2048;
    /** So that a core has more than one task and none waits long for another. */
    private static final int TASKS_OF_A_CORE = 4;

    private static final int FEWEST_FILES = 32;
    private static final long FEWEST_BYTES = 1L << 20;
    /** Of a file: more than the pixels of the largest image take. */
    private static final int MOST_BYTES_OF_A_FILE = 1 << 28;

    private ImageFiles() {}

    /**
     * A file.
     *
     * @param path in full
     * @param folder below the folder of all files
     * @param bytes what is in it; null where it cannot be read
     * @param error why it cannot be read; otherwise null
     */
    record Content(String path, String folder, byte[] bytes, String error) implements Serializable {}

    /** The files, in their order. */
    static JavaRDD<Content> read(JavaSparkContext context, FileList files) {
        int tasks = context.defaultParallelism() * TASKS_OF_A_CORE;
        long bytes = IntStream.range(0, files.size()).mapToLong(files::bytes).sum();
        List<FileList> runs = files.runs(
                Math.min(MOST_BYTES, Math.max(FEWEST_BYTES, bytes / tasks)),
                Math.min(MOST_FILES, Math.max(FEWEST_FILES, files.size() / tasks)));
        // Each task would otherwise read a thousand settings of its own.
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        return context.parallelize(runs, Math.max(1, runs.size()))
                .flatMap(run -> new Contents(run, hadoop.value().value()));
    }

    private static final class Contents implements Iterator<Content> {
        private final FileList files;
        private final Configuration hadoop;
        private final boolean local;
        private int next;

        Contents(FileList files, Configuration hadoop) {
            this.files = files;
            this.hadoop = hadoop;
            this.local = "file".equals(new Path(files.base()).toUri().getScheme());
        }

        @Override
        public boolean hasNext() {
            return next < files.size();
        }

        @Override
        public Content next() {
            int file = next++;
            String path = files.path(file);
            try {
                return new Content(path, files.folder(file), read(path, files.bytes(file)), null);
            } catch (DamagedImageException e) {
                return new Content(path, files.folder(file), null, e.getMessage());
            }
        }

        private byte[] read(String path, int bytes) throws DamagedImageException {
            if (bytes > MOST_BYTES_OF_A_FILE) {
                throw new DamagedImageException(bytes + " bytes are too many");
            }
            try {
                return local ? Files.readAllBytes(localPath(path)) : readFrom(new Path(path));
            } catch (NoSuchFileException | FileNotFoundException e) {
                throw new DamagedImageException("the file is gone since it was listed", e);
            } catch (AccessDeniedException | AccessControlException e) {
                throw new DamagedImageException("the file may not be read by this process", e);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + path, e);
            }
        }

        /** Without Hadoop's file system, which looks for checksums beside each file. */
        private static java.nio.file.Path localPath(String path) {
            return java.nio.file.Path.of(new Path(path).toUri().getPath());
        }

        private byte[] readFrom(Path path) throws IOException {
            try (InputStream in = path.getFileSystem(hadoop).open(path)) {
                return in.readAllBytes();
            }
        }
    }
}
