package org.noprop.config;

import java.time.Duration;
import java.util.Map;

/**
 * What tasks may use.
 *
 * @param startTimeout how long to wait for executors, or for room on them, before giving up
 * @param stallTimeout how long training may make no progress before giving up
 */
public record ResourcesConfig(Duration startTimeout, Duration stallTimeout) {
    static ResourcesConfig read(Settings settings) {
        return new ResourcesConfig(settings.duration("start-timeout"), settings.duration("stall-timeout"));
    }

    Map<String, Object> settings() {
        return Map.of(
                "start-timeout", startTimeout.toMillis() / 1000.0 + "s",
                "stall-timeout", stallTimeout.toMillis() / 1000.0 + "s");
    }
}
