package org.noprop.config;

import java.util.Map;

/**
 * What the verdict requires.
 *
 * @param baselineMargin largest distance in accuracy points below the baseline that still counts as level, at least 0
 */
public record EvaluationConfig(double baselineMargin) {
    static EvaluationConfig read(Settings settings) {
        return new EvaluationConfig(settings.number("baseline-margin", Range.atLeast(0)));
    }

    Map<String, Object> settings() {
        return Map.of("baseline-margin", baselineMargin);
    }
}
