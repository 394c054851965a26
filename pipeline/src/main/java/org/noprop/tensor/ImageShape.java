package org.noprop.tensor;

import java.io.Serializable;

/**
 * The shape of one image or feature map, stored pixel row by pixel row with the channels of a pixel side
 * by side.
 *
 * @param height pixels from top to bottom, at least 1
 * @param width pixels from left to right, at least 1
 * @param channels values of a pixel, at least 1
 */
public record ImageShape(int height, int width, int channels) implements Serializable {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public ImageShape {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException(
                    "No image has the shape [" + height + ", " + width + ", " + channels + "]");
        }
    }

    /** How many pixels. */
    public int pixels() {
        return Math.multiplyExact(height, width);
    }

    /** How many values. */
    public int length() {
        return Math.multiplyExact(pixels(), channels);
    }

    /** The shape after a 3 × 3 convolution without padding to {@code newChannels} channels. */
    public ImageShape convolved(int newChannels) {
        return new ImageShape(height - 2, width - 2, newChannels);
    }

    /** The shape after 2 × 2 pooling; an odd last pixel row or column is left out. */
    public ImageShape pooled() {
        return new ImageShape(height / 2, width / 2, channels);
    }

    /** The dimensions of {@code rows} such images, [rows, height, width, channels]. */
    long[] batch(long rows) {
        return new long[] {rows, height, width, channels};
    }
}
