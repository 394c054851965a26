package org.noprop.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of a file, opened again where reading them fails ({@link Retry}). What stays unreadable ends in an
 * {@link java.io.UncheckedIOException}; hence any other failure of whoever reads from here is one of the bytes themselves.
 */
final class RetriedInput extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(RetriedInput.class);

    private final Configuration hadoop;
    private final FileSystem system;
    private final Path path;
    private final FileStatus status;
    private FSDataInputStream open;
    private long position;

    private RetriedInput(Configuration hadoop, FileSystem system, Path path) {
        this.hadoop = hadoop;
        this.system = system;
        this.path = path;
        this.status = Retry.of(hadoop, "Cannot read " + path, again -> system.getFileStatus(path));
    }

    /** A file, which is opened now. */
    static RetriedInput open(Configuration hadoop, FileSystem system, Path path) {
        RetriedInput input = new RetriedInput(hadoop, system, path);
        input.attempt(FSDataInputStream::getPos);
        return input;
    }

    /** A file for a reader of Parquet, which opens it once. */
    static InputFile parquet(Configuration hadoop, Path path) {
        RetriedInput input = new RetriedInput(hadoop, Folder.system(hadoop, path), path);
        long length = input.status.getLen();
        return new InputFile() {
            @Override
            public long getLength() {
                return length;
            }

            @Override
            public SeekableInputStream newStream() {
                return new DelegatingSeekableInputStream(input) {
                    @Override
                    public long getPos() {
                        return input.position;
                    }

                    @Override
                    public void seek(long to) throws EOFException {
                        if (to < 0 || to > length) {
                            throw new EOFException("byte " + to + " of a file of " + length + " bytes");
                        }
                        input.position = to;
                    }
                };
            }

            @Override
            public String toString() {
                return path.toString();
            }
        };
    }

    private interface Reading<T> {
        T from(FSDataInputStream in) throws IOException;
    }

    private <T> T attempt(Reading<T> reading) {
        return Retry.of(hadoop, "Cannot read " + path, again -> {
            if (again) {
                close();
                requireSameFile();
            }
            if (open == null) {
                open = system.open(path);
            }
            if (open.getPos() != position) {
                open.seek(position);
            }
            return reading.from(open);
        });
    }

    /** What was read from one file does not go on in another. */
    private void requireSameFile() throws IOException {
        FileStatus now = system.getFileStatus(path);
        if (now.getLen() != status.getLen() || now.getModificationTime() != status.getModificationTime()) {
            throw Retry.failed("Cannot read " + path, new IOException("it was replaced meanwhile"));
        }
    }

    @Override
    public int read() {
        int value = attempt(FSDataInputStream::read);
        if (value >= 0) {
            position++;
        }
        return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        int count = attempt(in -> in.read(into, offset, length));
        position += Math.max(0, count);
        return count;
    }

    @Override
    public long skip(long bytes) {
        long skipped = attempt(in -> in.skip(bytes));
        position += skipped;
        return skipped;
    }

    /** What was read is right, whatever becomes of the stream. */
    @Override
    public void close() {
        FSDataInputStream closing = open;
        open = null;
        if (closing != null) {
            try {
                closing.close();
            } catch (IOException e) {
                LOG.debug("Closing {}", path, e);
            }
        }
    }
}
