package org.noprop.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/** What the bytes of an image file say before it is decoded: its format, whether it is whole, and how it is turned. */
enum ImageFormat {
    PNG,
    JPEG,
    GIF,
    BMP,
    TIFF,
    WEBP;

    /** Upright, as Exif numbers the eight ways of turning and mirroring. */
    static final int UPRIGHT = 1;

    private static final int MOST_ORIENTATION = 8;
    private static final int ORIENTATION_TAG = 0x112;
    private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};
    private static final byte[] ADOBE = {'A', 'd', 'o', 'b', 'e'};
    private static final int PNG_SIGNATURE = 8;
    private static final int RIFF_HEADER = 12;
    private static final int MARKER = 0xff;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int START_OF_SCAN = 0xda;

    /** The format by the first bytes of a file. */
    static Optional<ImageFormat> of(byte[] file) {
        return Arrays.stream(values()).filter(format -> format.begins(file)).findFirst();
    }

    private boolean begins(byte[] file) {
        return switch (this) {
            case PNG -> startsWith(file, 0, "\u0089PNG\r\n\u001a\n");
            case JPEG -> startsWith(file, 0, "\u00ff\u00d8\u00ff");
            case GIF -> startsWith(file, 0, "GIF87a") || startsWith(file, 0, "GIF89a");
            case BMP -> startsWith(file, 0, "BM");
            case TIFF -> startsWith(file, 0, "II*\0")
                    || startsWith(file, 0, "MM\0*")
                    || startsWith(file, 0, "II+\0")
                    || startsWith(file, 0, "MM\0+");
            case WEBP -> startsWith(file, 0, "RIFF") && startsWith(file, RIFF_HEADER - 4, "WEBP");
        };
    }

    private static boolean startsWith(byte[] file, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return file.length >= at + bytes.length && Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length);
    }

    /**
     * Checks what decoders pass over: whether the file goes on to the end of its first image, and a PNG's checksums.
     *
     * @throws DamagedImageException if it does not
     */
    void requireWhole(byte[] file) throws DamagedImageException {
        switch (this) {
            case PNG -> requireChunks(file);
            case GIF -> requireFirstImage(file);
            case WEBP -> requireLength(file, 8 + (long) little(file).getInt(4));
            default -> {
                // Their decoders notice.
            }
        }
    }

    private static void requireChunks(byte[] file) throws DamagedImageException {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        int at = PNG_SIGNATURE;
        while (true) {
            requireLength(file, at + 12L);
            int length = bytes.getInt(at);
            requireLength(file, length < 0 ? Long.MAX_VALUE : at + 12L + length);
            boolean critical = Character.isUpperCase(file[at + 4]);
            if (critical) {
                CRC32 sum = new CRC32();
                sum.update(file, at + 4, length + 4);
                if ((int) sum.getValue() != bytes.getInt(at + 8 + length)) {
                    throw new DamagedImageException("the checksum of chunk "
                            + new String(file, at + 4, 4, StandardCharsets.US_ASCII) + " is wrong");
                }
            }
            if (startsWith(file, at + 4, "IEND")) {
                return;
            }
            at += 12 + length;
        }
    }

    private static void requireFirstImage(byte[] file) throws DamagedImageException {
        requireLength(file, 13);
        int at = 13 + colours(file[10]);
        while (true) {
            requireLength(file, at + 1L);
            if (file[at] == ',') {
                requireLength(file, at + 10L);
                endOfBlocks(file, at + 11 + colours(file[at + 9]));
                return;
            }
            at = endOfBlocks(file, at + 2);
        }
    }

    /** Bytes of a GIF's table of colours. */
    private static int colours(byte flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static int endOfBlocks(byte[] file, int from) throws DamagedImageException {
        int at = from;
        while (true) {
            requireLength(file, at + 1L);
            int length = file[at] & 0xff;
            at += 1 + length;
            if (length == 0) {
                return at;
            }
        }
    }

    private static void requireLength(byte[] file, long length) throws DamagedImageException {
        if (file.length < length) {
            throw new DamagedImageException("the file ends after " + file.length + " bytes, within the image");
        }
    }

    /** How the picture is turned, by Exif: 1 (upright) … 8. */
    int orientation(byte[] file) {
        return switch (this) {
            case PNG -> chunk(file, PNG_SIGNATURE, "eXIf", ByteOrder.BIG_ENDIAN);
            case WEBP -> chunk(file, RIFF_HEADER, "EXIF", ByteOrder.LITTLE_ENDIAN);
            case TIFF -> orientation(file, 0);
            case JPEG -> {
                int exif = segment(file, APP1, EXIF);
                yield exif < 0 ? UPRIGHT : orientation(file, exif + EXIF.length);
            }
            default -> UPRIGHT;
        };
    }

    private static int chunk(byte[] file, int from, String kind, ByteOrder order) {
        boolean png = order == ByteOrder.BIG_ENDIAN;
        ByteBuffer bytes = ByteBuffer.wrap(file).order(order);
        for (long at = from; at + 8 <= file.length; ) {
            int start = (int) at;
            long length = bytes.getInt(png ? start : start + 4) & 0xffffffffL;
            if (startsWith(file, png ? start + 4 : start, kind)) {
                int exif = startsWith(file, start + 8, "Exif\0\0") ? start + 8 + EXIF.length : start + 8;
                return orientation(file, exif);
            }
            at += png ? 12 + length : 8 + length + length % 2;
        }
        return UPRIGHT;
    }

    /** Of a TIFF structure. */
    private static int orientation(byte[] file, int from) {
        try {
            ByteBuffer exif = ByteBuffer.wrap(file, from, file.length - from).slice();
            exif.order(exif.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int directory = exif.getInt(4);
            int entries = exif.getShort(directory) & 0xffff;
            for (int i = 0; i < entries; i++) {
                int entry = directory + 2 + 12 * i;
                if ((exif.getShort(entry) & 0xffff) == ORIENTATION_TAG) {
                    int orientation = exif.getShort(entry + 8);
                    return orientation >= UPRIGHT && orientation <= MOST_ORIENTATION ? orientation : UPRIGHT;
                }
            }
        } catch (IndexOutOfBoundsException e) {
            // Metadata that end early say nothing; the picture itself may be whole.
        }
        return UPRIGHT;
    }

    /** Whether the three colours of a JPEG of four components are stored as brightness and two differences. */
    static boolean isYcck(byte[] jpeg) {
        int adobe = segment(jpeg, APP14, ADOBE);
        return adobe >= 0 && adobe + 11 < jpeg.length && jpeg[adobe + 11] == 2;
    }

    /** Components of a pixel of a JPEG; 0 if that is not said. */
    static int components(byte[] jpeg) {
        for (int marker = 0xc0; marker <= 0xcf; marker++) {
            boolean ofFrame = marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            int frame = ofFrame ? segment(jpeg, marker, new byte[0]) : -1;
            if (frame >= 0 && frame + 5 < jpeg.length) {
                return jpeg[frame + 5];
            }
        }
        return 0;
    }

    /** Where the content of a JPEG's segment before its first scan begins; -1 where there is none. */
    private static int segment(byte[] file, int marker, byte[] beginning) {
        int at = 2;
        while (at + 4 <= file.length && (file[at] & 0xff) == MARKER) {
            int found = file[at + 1] & 0xff;
            if (found == MARKER) {
                at++;
                continue;
            }
            int start = at + 4;
            if (found == marker
                    && start + beginning.length <= file.length
                    && Arrays.equals(file, start, start + beginning.length, beginning, 0, beginning.length)) {
                return start;
            }
            if (found == START_OF_SCAN) {
                return -1;
            }
            at += 2 + (((file[at + 2] & 0xff) << 8) | (file[at + 3] & 0xff));
        }
        return -1;
    }

    private static ByteBuffer little(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }
}
