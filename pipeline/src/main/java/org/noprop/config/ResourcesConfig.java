package org.noprop.config;

import java.time.Duration;
import java.util.Map;

/**
 * What tasks may use.
 *
 * @param startTimeout how long to wait for executors before giving up
 */
public record ResourcesConfig(Duration startTimeout) {
    static ResourcesConfig read(Settings settings) {
        return new ResourcesConfig(settings.duration("start-timeout"));
    }

    Map<String, Object> settings() {
        return Map.of("start-timeout", startTimeout.toMillis() / 1000.0 + "s");
    }
}
