package org.noprop.config;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What an evaluation must reach. A bound that is missed ends the job with exit code 3, so that a scheduler can
 * act on it; a bound that is not set is none.
 *
 * @param accuracy least mean test accuracy of NoProp in percent, in [0, 100]
 * @param baselineDistance most accuracy points that NoProp may lie below the baseline, at least 0
 * @param memoryRatio most that training a block may take of the baseline's memory, above 0
 */
public record RequireConfig(OptionalDouble accuracy, OptionalDouble baselineDistance, OptionalDouble memoryRatio) {
    private static final int PERCENT = 100;

    static RequireConfig read(Settings settings) {
        return new RequireConfig(
                settings.optionalNumber("accuracy", Range.closed(0, PERCENT)),
                settings.optionalNumber("baseline-distance", Range.atLeast(0)),
                settings.optionalNumber("memory-ratio", Range.above(0)));
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("accuracy", orNull(accuracy));
        settings.put("baseline-distance", orNull(baselineDistance));
        settings.put("memory-ratio", orNull(memoryRatio));
        return settings;
    }

    private static Double orNull(OptionalDouble bound) {
        return bound.isPresent() ? bound.getAsDouble() : null;
    }
}
