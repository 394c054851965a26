package org.noprop.config;

import java.util.Map;

/**
 * The block network.
 *
 * @param kind which network
 */
public record NetworkConfig(Kind kind) {
    /** Block networks. */
    public enum Kind {
        /** The image part is a dense layer over a fixed image embedding. */
        DENSE
    }

    static NetworkConfig read(Settings settings) {
        return new NetworkConfig(settings.choice("kind", Kind.class));
    }

    Map<String, Object> settings() {
        return Map.of("kind", Settings.kebab(kind));
    }
}
