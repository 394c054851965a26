package org.noprop.network;

/**
 * One trained array.
 *
 * @param name within its {@link Weights}; empty for the only one
 * @param shape its dimensions, row-major
 * @param centre middle of the uniform distribution that its initial values are drawn from
 * @param spread half the width of it; 0 for a constant
 */
record ParameterSpec(String name, long[] shape, double centre, double spread) {
    /** How many values. */
    long length() {
        long length = 1;
        for (long dimension : shape) {
            length *= dimension;
        }
        return length;
    }

    /** Weights or biases as PyTorch's Linear starts them: uniform in ±1/√inputs. */
    static ParameterSpec linear(String name, int inputs, long... shape) {
        return new ParameterSpec(name, shape, 0, 1 / Math.sqrt(inputs));
    }

    /** A constant. */
    static ParameterSpec constant(String name, double value, long... shape) {
        return new ParameterSpec(name, shape, value, 0);
    }
}
