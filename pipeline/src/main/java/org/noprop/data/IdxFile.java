package org.noprop.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.hadoop.io.IOUtils;

/**
 * A file of the idx format (yann.lecun.com/exdb/mnist): a big-endian magic number that says how many
 * dimensions of unsigned bytes follow, their sizes, the bytes.
 */
final class IdxFile {
    private static final int MAGIC = 0x800;

    private final SourceFile file;
    private final long most;
    private final int[] recordShape;

    /**
     * A file.
     *
     * @param most records that the dataset has of it
     * @param recordShape sizes of the dimensions after the first: 28, 28 for images, none for labels
     */
    IdxFile(SourceFile file, long most, int... recordShape) {
        this.file = file;
        this.most = most;
        this.recordShape = recordShape;
    }

    /** An open file, at its first record. */
    record Open(int records, DataInputStream stream) {}

    /** What a whole file holds. */
    record Content(int records, String sha256) {}

    /**
     * Opens it and checks its header.
     *
     * @throws InvalidInputException if it is of another kind
     */
    Open open() {
        DataInputStream stream = new DataInputStream(file.open());
        try {
            return open(stream);
        } catch (RuntimeException e) {
            IOUtils.closeStream(stream);
            throw e;
        }
    }

    private Open open(DataInputStream stream) {
        try {
            checkMagic(stream.readInt());
            int records = stream.readInt();
            int[] shape = new int[recordShape.length];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = stream.readInt();
            }
            if (!Arrays.equals(shape, recordShape)) {
                throw file.invalid("images of " + shape[0] + "x" + shape[1] + " pixels where " + recordShape[0] + "x"
                        + recordShape[1] + " belong (another dataset?)");
            }
            if (records < 1) {
                throw file.invalid("its header promises " + records + " records (damaged download?)");
            }
            if (records > most) {
                throw file.invalid("its header promises " + records + " records where the dataset has " + most
                        + " (another dataset?)");
            }
            return new Open(records, stream);
        } catch (EOFException e) {
            throw file.invalid("it ends within its header of " + headerBytes() + " bytes (truncated download?)");
        } catch (IOException e) {
            throw file.failed(e);
        }
    }

    private void checkMagic(int magic) {
        if (magic == magic(recordShape.length + 1)) {
            return;
        }
        String found = String.format(
                Locale.ROOT, "it starts with 0x%08x where 0x%08x belongs", magic, magic(recordShape.length + 1));
        if (magic == magic(1)) {
            throw file.invalid(found + ": these are labels, not images (files swapped?)");
        }
        if (magic == magic(3)) {
            throw file.invalid(found + ": these are images, not labels (files swapped?)");
        }
        throw file.invalid(found + ": this is no idx" + (recordShape.length + 1) + " file of bytes");
    }

    private static int magic(int dimensions) {
        return MAGIC | dimensions;
    }

    private int headerBytes() {
        return Integer.BYTES * (2 + recordShape.length);
    }

    private int recordBytes() {
        return Arrays.stream(recordShape).reduce(1, Math::multiplyExact);
    }

    /**
     * Reads it to its end and checks its length.
     *
     * @param records receives all records
     * @throws InvalidInputException if it is not as long as its header promises
     */
    Content readAll(OutputStream records) {
        Open open = open();
        long promised = headerBytes() + (long) open.records() * recordBytes();
        MessageDigest digest = Checksums.sha256();
        long found = headerBytes();
        try (DataInputStream stream = open.stream();
                OutputStream sink = new DigestOutputStream(records, digest)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                found += n;
                if (found > promised) {
                    throw file.invalid("more bytes than the " + promised + " that the header promises");
                }
                sink.write(buffer, 0, n);
            }
        } catch (EOFException e) {
            throw tooShort(found, promised);
        } catch (IOException e) {
            throw file.failed(e);
        }
        if (found < promised) {
            throw tooShort(found, promised);
        }
        return new Content(open.records(), HexFormat.of().formatHex(digest.digest()));
    }

    private InvalidInputException tooShort(long found, long promised) {
        return file.invalid(found + " bytes where the header promises " + promised + " (truncated download?)");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
