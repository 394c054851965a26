package org.noprop.data;

import java.io.Serializable;
import java.util.Arrays;
import org.noprop.tensor.ImageShape;

/**
 * Brings pictures to one size and number of channels. Grey pictures of three channels have them equal; coloured ones of one
 * channel become grey (0.299 R + 0.587 G + 0.114 B).
 *
 * @param shape what comes out: 1 or 3 channels
 * @param resize whether pictures of another size are brought to that of {@code shape}, bilinearly, or are damaged
 */
public record ImageDecoder(ImageShape shape, boolean resize) implements Serializable {
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
     * The pixels of a file: height × width × channels bytes, row by row, channels last.
     *
     * @throws DamagedImageException if there are none, or of another size
     */
    public byte[] decode(byte[] file) throws DamagedImageException {
        return fit(Picture.decode(file));
    }

    /** Whether a picture can be used: it is of the right size, or is resized. */
    public boolean fits(ImageShape picture) {
        return resize || (picture.height() == shape.height() && picture.width() == shape.width());
    }

    /** What is said of a picture that does not fit. */
    public String otherSize(ImageShape picture) {
        return picture.width() + " × " + picture.height() + " pixels where " + shape.width() + " × " + shape.height()
                + " belong (resizing is not asked for)";
    }

    /**
     * The pixels of a picture: height × width × channels bytes, row by row, channels last; they may be the picture's own.
     *
     * @throws DamagedImageException if it is of another size
     */
    public byte[] fit(Picture picture) throws DamagedImageException {
        ImageShape own = picture.shape();
        if (!fits(own)) {
            throw new DamagedImageException(otherSize(own));
        }
        if (own.equals(shape)) {
            return picture.pixels();
        }
        byte[] pixels = new byte[shape.length()];
        double[] colours = new double[COLOURS];
        for (int y = 0; y < shape.height(); y++) {
            for (int x = 0; x < shape.width(); x++) {
                mix(picture, x, y, colours);
                int at = (y * shape.width() + x) * shape.channels();
                if (shape.channels() == COLOURS) {
                    for (int channel = 0; channel < COLOURS; channel++) {
                        pixels[at + channel] = (byte) Math.round(colours[channel]);
                    }
                } else {
                    pixels[at] = (byte) Math.round(
                            own.channels() == GREY
                                    ? colours[0]
                                    : 0.299 * colours[0] + 0.587 * colours[1] + 0.114 * colours[2]);
                }
            }
        }
        return pixels;
    }

    /** Red, green and blue at the middle of a pixel of the result, between its four neighbours in the picture. */
    private void mix(Picture picture, int x, int y, double[] colours) {
        ImageShape own = picture.shape();
        double column = place(x, shape.width(), own.width());
        double row = place(y, shape.height(), own.height());
        int left = (int) column;
        int top = (int) row;
        Arrays.fill(colours, 0);
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                double share = (i == 0 ? 1 - (row - top) : row - top) * (j == 0 ? 1 - (column - left) : column - left);
                if (share > 0) {
                    int at = ((top + i) * own.width() + left + j) * own.channels();
                    for (int channel = 0; channel < COLOURS; channel++) {
                        int value = picture.pixels()[at + (own.channels() == GREY ? 0 : channel)] & 0xff;
                        colours[channel] += share * value;
                    }
                }
            }
        }
    }

    private static double place(int pixel, int side, int imageSide) {
        return Math.min(imageSide - 1.0, Math.max(0, (pixel + 0.5) * imageSide / side - 0.5));
    }
}
