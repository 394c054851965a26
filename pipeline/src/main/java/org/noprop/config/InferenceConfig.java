package org.noprop.config;

import java.util.Map;

/**
 * How the chain is run.
 *
 * @param runs noisy runs to average over, at least 1 (the paper: 5)
 * @param batchSize images of a pass, at least 1
 */
public record InferenceConfig(int runs, int batchSize) {
    static InferenceConfig read(Settings settings) {
        return new InferenceConfig(
                settings.wholeNumber("runs", Range.atLeast(1)), settings.wholeNumber("batch-size", Range.atLeast(1)));
    }

    Map<String, Object> settings() {
        return Map.of("runs", runs, "batch-size", batchSize);
    }
}
