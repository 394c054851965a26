package org.noprop.training;

import java.util.Locale;
import org.noprop.network.MemoryFigures;
import org.noprop.tensor.MemoryMeter;

/**
 * The memory that training takes above idle, where idle is a JVM with ND4J and the data open.
 *
 * @param blocks 1 for a block; T for the baseline
 * @param baseline whether it is the baseline
 * @param measured by the process
 * @param accounted by the network, the native copy of the batch and scratch among the activations
 */
public record MemoryReport(int blocks, boolean baseline, MemoryMeter.Reading measured, MemoryFigures accounted) {

    /** Share of what was measured that the network accounts for. */
    public double explained() {
        return (double) accounted.total() / measured.total();
    }

    /** One line: numbers separated by blanks, in the order of the components. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%d %b %d %d %d %d %d %d %d",
                blocks,
                baseline,
                measured.nativePeak(),
                measured.heap(),
                measured.code(),
                accounted.weights(),
                accounted.gradients(),
                accounted.optimiserState(),
                accounted.activations());
    }

    /** Reads a {@link #line}. */
    static MemoryReport parse(String line) {
        String[] fields = line.split(" ", -1);
        long[] numbers = new long[fields.length];
        for (int i = 2; i < fields.length; i++) {
            numbers[i] = Long.parseLong(fields[i]);
        }
        return new MemoryReport(
                Integer.parseInt(fields[0]),
                Boolean.parseBoolean(fields[1]),
                new MemoryMeter.Reading(numbers[2], numbers[3], numbers[4]),
                new MemoryFigures(numbers[5], numbers[6], numbers[7], numbers[8]));
    }
}
