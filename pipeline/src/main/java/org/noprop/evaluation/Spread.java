package org.noprop.evaluation;

import java.util.List;

/**
 * Several measurements of one thing.
 *
 * @param values at least one
 */
public record Spread(List<Double> values) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public Spread {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("A spread needs at least one value");
        }
    }

    /** The mean. */
    public double mean() {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** The standard error of the mean, s/√n with s² the unbiased variance; NaN for one value. */
    public double standardError() {
        double mean = mean();
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.size() - 1) / values.size());
    }
}
