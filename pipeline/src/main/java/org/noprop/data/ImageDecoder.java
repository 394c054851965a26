package org.noprop.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.noprop.tensor.ImageShape;

/**
 * Turns the bytes of a PNG or JPEG file into the pixels of an {@link Image}. Grey images of three channels have them
 * equal; coloured images of one channel become grey (0.299 R + 0.587 G + 0.114 B); transparency is left out.
 *
 * @param shape what comes out: 1 or 3 channels
 * @param resize whether images of another size are brought to that of {@code shape}, bilinearly, or are damaged
 */
public record ImageDecoder(ImageShape shape, boolean resize) implements Serializable {
    private static final long MOST_PIXELS = 1L << 26;
    private static final int GREY = 1;
    private static final int COLOURS = 3;

    /**
     * Checks the channels.
     *
     * @throws IllegalArgumentException if there are neither 1 nor 3
     */
    public ImageDecoder {
        if (shape.channels() != GREY && shape.channels() != COLOURS) {
            throw new IllegalArgumentException("Images have 1 or 3 channels, not " + shape.channels());
        }
    }

    /**
     * The size of the image in a file, with 1 channel if it is grey and 3 otherwise, from the file's first bytes.
     *
     * @throws DamagedImageException if there is none
     */
    public static ImageShape shape(byte[] file) throws DamagedImageException {
        return read(file, reader -> {
            int colours = reader.getImageTypes(0).next().getColorModel().getNumColorComponents();
            return new ImageShape(reader.getHeight(0), reader.getWidth(0), colours == GREY ? GREY : COLOURS);
        });
    }

    /**
     * The pixels of a file: height × width × channels bytes, row by row, channels last.
     *
     * @throws DamagedImageException if there are none, or of another size
     */
    public byte[] decode(byte[] file) throws DamagedImageException {
        return read(file, reader -> {
            checkSize(reader.getWidth(0), reader.getHeight(0));
            return pixels(reader.read(0));
        });
    }

    private interface Reading<T> {
        T from(ImageReader reader) throws IOException, DamagedImageException;
    }

    private static <T> T read(byte[] file, Reading<T> reading) throws DamagedImageException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new DamagedImageException(
                        file.length == 0 ? "the file is empty" : "neither PNG nor JPEG, " + file.length + " bytes");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                return reading.from(reader);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            // The readers of ImageIO answer damage with exceptions of many kinds.
            throw new DamagedImageException("the image cannot be decoded: " + e.getMessage(), e);
        }
    }

    private void checkSize(int width, int height) throws DamagedImageException {
        if (!resize && (width != shape.width() || height != shape.height())) {
            throw new DamagedImageException(width + " × " + height + " pixels where " + shape.width() + " × "
                    + shape.height() + " belong (resizing is not asked for)");
        }
        if ((long) width * height > MOST_PIXELS) {
            throw new DamagedImageException(width + " × " + height + " pixels are too many");
        }
    }

    private byte[] pixels(BufferedImage image) {
        boolean grey = image.getRaster().getNumBands() == GREY
                && image.getRaster().getDataBuffer().getDataType() == DataBuffer.TYPE_BYTE
                && image.getType() == BufferedImage.TYPE_BYTE_GRAY;
        byte[] pixels = new byte[shape.length()];
        for (int y = 0; y < shape.height(); y++) {
            for (int x = 0; x < shape.width(); x++) {
                int at = (y * shape.width() + x) * shape.channels();
                double[] colours = colours(image, grey, x, y);
                if (shape.channels() == COLOURS) {
                    for (int channel = 0; channel < COLOURS; channel++) {
                        pixels[at + channel] = (byte) Math.round(colours[channel]);
                    }
                } else {
                    pixels[at] = (byte) Math.round(
                            grey ? colours[0] : 0.299 * colours[0] + 0.587 * colours[1] + 0.114 * colours[2]);
                }
            }
        }
        return pixels;
    }

    /** Red, green and blue at the middle of a pixel of the result, between its four neighbours in the image. */
    private double[] colours(BufferedImage image, boolean grey, int x, int y) {
        double column = place(x, shape.width(), image.getWidth());
        double row = place(y, shape.height(), image.getHeight());
        int left = (int) column;
        int top = (int) row;
        double[] colours = new double[COLOURS];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                double share = (i == 0 ? 1 - (row - top) : row - top) * (j == 0 ? 1 - (column - left) : column - left);
                if (share > 0) {
                    int rgb = grey ? greyAt(image, left + j, top + i) : image.getRGB(left + j, top + i);
                    for (int channel = 0; channel < COLOURS; channel++) {
                        colours[channel] += share * ((rgb >> (8 * (COLOURS - 1 - channel))) & 0xff);
                    }
                }
            }
        }
        return colours;
    }

    /** As it is stored: getRGB would take it for linear light and brighten it. */
    private static int greyAt(BufferedImage image, int x, int y) {
        return image.getRaster().getSample(x, y, 0) * 0x010101;
    }

    private static double place(int pixel, int side, int imageSide) {
        return Math.min(imageSide - 1.0, Math.max(0, (pixel + 0.5) * imageSide / side - 0.5));
    }
}
