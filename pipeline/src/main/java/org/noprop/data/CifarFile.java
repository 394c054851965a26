package org.noprop.data;

import java.io.DataInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** One file of CIFAR records. */
final class CifarFile {
    private final SourceFile file;
    private final CifarSource.Variant variant;

    CifarFile(SourceFile file, CifarSource.Variant variant) {
        this.file = file;
        this.variant = variant;
    }

    /**
     * How many records it has, by its length.
     *
     * @throws InvalidInputException if that is not a whole number
     */
    long records() {
        long length = file.length();
        int size = variant.recordBytes();
        if (length == 0 || length % size != 0) {
            throw file.invalid(length + " bytes are no whole number of " + variant + " records of " + size + " bytes"
                    + likelyReason(length));
        }
        return length / size;
    }

    private String likelyReason(long length) {
        for (CifarSource.Variant other : CifarSource.Variant.values()) {
            if (other != variant && length > 0 && length % other.recordBytes() == 0) {
                return " (is this a file of " + other + "?)";
            }
        }
        return " (truncated download?)";
    }

    /**
     * Reads all its records and counts their labels.
     *
     * @return SHA-256 of its content
     * @throws InvalidInputException if a label is out of range or the file ends early
     */
    String check(LabelCounts counts) {
        MessageDigest digest = Checksums.sha256();
        byte[] entry = new byte[variant.recordBytes()];
        try (DataInputStream stream = open()) {
            long records = records();
            for (long i = 0; i < records; i++) {
                stream.readFully(entry);
                digest.update(entry);
                counts.add(Byte.toUnsignedInt(entry[variant.labelBytes() - 1]), this, i);
            }
        } catch (IOException e) {
            throw file.failed(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    DataInputStream open() {
        return new DataInputStream(file.open());
    }

    CifarSource.Variant variant() {
        return variant;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
