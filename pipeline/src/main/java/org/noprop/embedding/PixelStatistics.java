package org.noprop.embedding;

import java.io.Serializable;

/**
 * Sums over the pixels of images, per channel. They are whole numbers, so that the figures do not depend
 * on the order in which images are added or merged.
 */
public final class PixelStatistics implements Serializable {
    private final long[] sums;
    private final long[] squares;
    private long pixels;

    /** Of no images yet. */
    public PixelStatistics(int channels) {
        sums = new long[channels];
        squares = new long[channels];
    }

    /** How many channels a pixel has. */
    public int channels() {
        return sums.length;
    }

    /**
     * Adds an image and returns these statistics.
     *
     * @param image its bytes, channels last
     */
    public PixelStatistics add(byte[] image) {
        for (int channel = 0; channel < sums.length; channel++) {
            long sum = 0;
            long square = 0;
            for (int i = channel; i < image.length; i += sums.length) {
                int value = Byte.toUnsignedInt(image[i]);
                sum += value;
                square += (long) value * value;
            }
            sums[channel] += sum;
            squares[channel] += square;
        }
        pixels += image.length / sums.length;
        return this;
    }

    /** Adds all that {@code other} has seen and returns these statistics. */
    public PixelStatistics merge(PixelStatistics other) {
        for (int channel = 0; channel < sums.length; channel++) {
            sums[channel] += other.sums[channel];
            squares[channel] += other.squares[channel];
        }
        pixels += other.pixels;
        return this;
    }

    /** The mean of a channel, of values scaled to [0, 1]; 0 before any image. */
    public double mean(int channel) {
        return pixels == 0 ? 0 : (double) sums[channel] / pixels / 255;
    }

    /** The standard deviation of a channel, of values scaled to [0, 1]; 0 before any image. */
    public double deviation(int channel) {
        if (pixels == 0) {
            return 0;
        }
        double mean = (double) sums[channel] / pixels;
        return Math.sqrt(Math.max(0, (double) squares[channel] / pixels - mean * mean)) / 255;
    }
}
