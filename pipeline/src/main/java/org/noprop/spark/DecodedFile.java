package org.noprop.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;
import org.noprop.data.DamagedImageException;
import org.noprop.data.ImageDecoder;
import org.noprop.data.Picture;
import org.noprop.tensor.ImageShape;

/**
 * An image file that a task has read and decoded. Hashes are those of Spark SQL's {@code xxhash64} over several columns.
 *
 * @param test whether it is of the test part
 * @param label its class; negative where it is none of the training images'
 * @param name its path, or what else names it; or null
 * @param picture what is in it; null where it cannot be used
 * @param error why it cannot be used; otherwise null
 * @param hash of its bytes, class and part
 */
record DecodedFile(boolean test, int label, String name, Picture picture, String error, long hash) {
    private static final long SEED = 42;
    private static final byte[] CUT_SALT = "test".getBytes(StandardCharsets.UTF_8);
    private static final int CUT_STEPS = 1_000_000;
    /** About as many as a picture's are beside its pixels. */
    private static final int FIXED_BYTES = 256;

    /**
     * A file that has not been decoded.
     *
     * @param label its class; negative where it is none of the training images'
     * @param error why it cannot be used; null if nothing is known against it
     */
    record Content(boolean test, int label, String name, byte[] bytes, String error) implements Serializable {
        Content ofTest(boolean isTest) {
            return new Content(isTest, label, name, bytes, error);
        }
    }

    /**
     * Decodes a file.
     *
     * @param decoder brings pictures to their final size; null where that is not known yet
     */
    static DecodedFile of(Content file, ImageDecoder decoder) {
        long hash = hash(file.bytes, SEED);
        if (file.label >= 0) {
            hash = XXH64.hashInt(file.label, hash);
        }
        hash = XXH64.hashInt(file.test ? 1 : 0, hash);
        try {
            return new DecodedFile(file.test, file.label, file.name, decode(file, decoder), null, hash);
        } catch (DamagedImageException e) {
            return new DecodedFile(file.test, file.label, file.name, null, e.getMessage(), hash);
        }
    }

    /** Whether its picture can be brought to the size of all. */
    boolean isUsed(ImageDecoder decoder) {
        return picture != null && decoder.fits(picture.shape());
    }

    /** Why its picture cannot be used, beside those of a size. */
    String whyUnused(ImageDecoder decoder) {
        return picture == null ? error : decoder.otherSize(picture.shape());
    }

    private static Picture decode(Content file, ImageDecoder decoder) throws DamagedImageException {
        if (file.error != null || file.bytes == null) {
            throw new DamagedImageException(file.error == null ? "there are no bytes" : file.error);
        }
        Picture picture = Picture.decode(file.bytes);
        return decoder == null ? picture : new Picture(decoder.shape(), decoder.fit(picture), picture.plain());
    }

    /** In few bytes, as it waits on disk: Java's own way of writing a record takes as long as decoding a small picture. */
    byte[] toBytes() {
        int length = picture == null ? 0 : picture.pixels().length;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIXED_BYTES + length);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeBoolean(test);
            out.writeInt(label);
            out.writeLong(hash);
            writeText(out, name);
            writeText(out, error);
            if (picture != null) {
                out.writeInt(picture.shape().height());
                out.writeInt(picture.shape().width());
                out.writeInt(picture.shape().channels());
                out.writeBoolean(picture.plain());
                out.write(picture.pixels());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What was written by {@link #toBytes}. */
    static DecodedFile ofBytes(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            boolean test = in.readBoolean();
            int label = in.readInt();
            long hash = in.readLong();
            String name = readText(in);
            String error = readText(in);
            return new DecodedFile(test, label, name, error == null ? readPicture(in) : null, error, hash);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Picture readPicture(DataInputStream in) throws IOException {
        ImageShape shape = new ImageShape(in.readInt(), in.readInt(), in.readInt());
        boolean plain = in.readBoolean();
        return new Picture(shape, in.readAllBytes(), plain);
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text == null ? -1 : utf8.length);
        out.write(utf8);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** Whether a file is cut off as a test image, by what is in it. */
    static boolean isCut(byte[] bytes, double fraction) {
        return Math.floorMod(hash(CUT_SALT, hash(bytes, SEED)), (long) CUT_STEPS) < fraction * CUT_STEPS;
    }

    /** The hash of an image's pixels. */
    static long pixelHash(byte[] pixels) {
        return hash(pixels, SEED);
    }

    /** The hash of an image's pixels and class, by which images are numbered. */
    static long imageHash(long pixelHash, int label) {
        return XXH64.hashInt(label, pixelHash);
    }

    private static long hash(byte[] bytes, long seed) {
        return bytes == null ? seed : XXH64.hashUnsafeBytes(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length, seed);
    }
}
