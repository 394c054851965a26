package org.noprop.tensor;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A float32 tensor in host memory, row-major: how weights and optimiser state leave a network.
 *
 * @param shape its dimensions, each at least 0; empty for a scalar
 * @param values as many values as the shape has elements, last dimension fastest; neither copied in
 *     nor out, because weights are large: whoever makes one hands its array over
 */
public record Tensor(long[] shape, float[] values) implements Serializable {
    /**
     * Checks that the shape fits the values.
     *
     * @throws IllegalArgumentException if it does not
     */
    public Tensor {
        long elements = 1;
        for (long dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        if (elements != values.length) {
            throw new IllegalArgumentException("A tensor of shape " + Arrays.toString(shape) + " has " + elements
                    + " values, not " + values.length);
        }
    }

    /** A vector of these values. */
    public static Tensor vector(float... values) {
        return new Tensor(new long[] {values.length}, values);
    }

    /** A matrix of {@code rows} rows. */
    public static Tensor matrix(long rows, long columns, float... values) {
        return new Tensor(new long[] {rows, columns}, values);
    }

    /** Equal if shapes are and values are, bit for bit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor that && Arrays.equals(shape, that.shape) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Tensor" + Arrays.toString(shape);
    }
}
