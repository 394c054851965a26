package org.noprop.data;

import java.util.Arrays;
import org.noprop.tensor.Tensor;

/**
 * Images of one size, for people to look at.
 *
 * @param rows how many
 * @param height pixels of each from top to bottom
 * @param width pixels of each from left to right
 * @param channels values of a pixel
 * @param values 0 … 255: image by image, row by row, channels last; not copied
 */
public record Pictures(int rows, int height, int width, int channels, float[] values) {

    private static final int DIMENSIONS = 4;

    /** The values of one, height × width × channels. */
    public float[] values(int row) {
        int length = height * width * channels;
        return Arrays.copyOfRange(values, row * length, (row + 1) * length);
    }

    /**
     * The images of a tensor.
     *
     * @throws DamagedFileException if its shape is none of images, with {@code file} as where it was found
     */
    static Pictures of(Tensor tensor, String file) {
        long[] shape = tensor.shape();
        if (shape.length != DIMENSIONS) {
            throw new DamagedFileException(
                    "Cannot read " + file + ": images have the shape [rows, height, width, channels], not "
                            + Arrays.toString(shape),
                    null);
        }
        return new Pictures((int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3], tensor.values());
    }

    /** [rows, height, width, channels]. */
    Tensor tensor() {
        return new Tensor(new long[] {rows, height, width, channels}, values);
    }
}
