package org.noprop.embedding;

import java.io.Serializable;

/**
 * The square patches of images of one size: from the top left corner on, every {@code stride} pixels down and
 * across, as far as a whole patch fits.
 *
 * @param height rows of pixels of an image
 * @param width pixels of a row
 * @param channels of a pixel
 * @param size pixels of a patch's side, at most the image's
 * @param stride pixels from one patch to the next, at least 1
 */
public record PatchGrid(int height, int width, int channels, int size, int stride) implements Serializable {

    /**
     * Checks that a patch fits.
     *
     * @throws IllegalArgumentException if none does
     */
    public PatchGrid {
        if (size < 1 || size > height || size > width || stride < 1) {
            throw new IllegalArgumentException(
                    "Patches of " + size + " pixels every " + stride + " in images of " + height + " x " + width);
        }
    }

    /** Patches of a column. */
    public int down() {
        return (height - size) / stride + 1;
    }

    /** Patches of a row. */
    public int across() {
        return (width - size) / stride + 1;
    }

    /** Patches of an image. */
    public int positions() {
        return down() * across();
    }

    /** Values of a patch. */
    public int length() {
        return size * size * channels;
    }

    /**
     * Copies a patch, less its mean and divided by √(its variance + {@code contrast}).
     *
     * @param image height × width × channels bytes, channels last
     * @param position 0 … positions-1, row by row
     * @param contrast positive, in squares of grey levels of 0 … 255: patches that vary by less stay faint
     * @param into receives {@link #length} values from {@code offset} on
     * @return the patch's variance
     */
    public double copyNormalised(byte[] image, int position, double contrast, float[] into, int offset) {
        int top = position / across() * stride;
        int left = position % across() * stride;
        int run = size * channels;
        int sum = 0;
        long squares = 0;
        int to = offset;
        for (int row = 0; row < size; row++) {
            int from = ((top + row) * width + left) * channels;
            for (int i = 0; i < run; i++) {
                int value = image[from + i] & 0xff;
                sum += value;
                squares += (long) value * value;
                into[to + i] = value;
            }
            to += run;
        }
        int length = length();
        double mean = (double) sum / length;
        double variance = Math.max(0, (double) squares / length - mean * mean);
        float shift = (float) mean;
        float scale = (float) (1 / Math.sqrt(variance + contrast));
        for (int i = offset; i < offset + length; i++) {
            into[i] = (into[i] - shift) * scale;
        }
        return variance;
    }

    /** The mirror image: left and right exchanged. */
    byte[] mirrored(byte[] image) {
        require(image);
        byte[] result = new byte[image.length];
        for (int pixel = 0; pixel < height * width; pixel++) {
            int column = pixel % width;
            int from = pixel - column + width - 1 - column;
            System.arraycopy(image, from * channels, result, pixel * channels, channels);
        }
        return result;
    }

    /** Requires that an image has as many bytes as belong. */
    void require(byte[] image) {
        if (image.length != height * width * channels) {
            throw new IllegalArgumentException(
                    "An image of " + image.length + " bytes where " + height * width * channels + " belong");
        }
    }
}
