package org.noprop.nn;

/**
 * One trained array.
 *
 * @param name within its layer; empty for the only one
 * @param shape its dimensions, row-major
 * @param constant its initial values, where they are not drawn
 * @param inputs of the layer whose weights or biases are drawn; 0 where they are not
 */
public record Parameter(String name, long[] shape, double constant, int inputs) {

    /** Weights, whose last dimension is the layer's outputs, or, of one dimension, biases. */
    public static Parameter drawn(String name, int inputs, long... shape) {
        return new Parameter(name, shape, 0, inputs);
    }

    /** A constant. */
    public static Parameter constant(String name, double value, long... shape) {
        return new Parameter(name, shape, value, 0);
    }

    /** How many values. */
    public long length() {
        long length = 1;
        for (long dimension : shape) {
            length *= dimension;
        }
        return length;
    }

    /** Half the width of the uniform distribution around 0 that initial values are drawn from; 0 for a constant. */
    public double spread(Initialisation initialisation) {
        if (inputs == 0) {
            return 0;
        }
        boolean bias = shape.length == 1;
        return bias ? initialisation.bias(inputs) : initialisation.weight(inputs, (int) shape[shape.length - 1]);
    }
}
