package org.noprop.config;

import java.util.Map;

/**
 * How an image becomes a vector.
 *
 * @param kind the embedder
 */
public record EmbeddingConfig(Kind kind) {
    /** The embedders. */
    public enum Kind {
        /** Pixels in [0, 1], standardised per channel over the training split. */
        PIXELS
    }

    static EmbeddingConfig read(Settings settings) {
        return new EmbeddingConfig(settings.choice("kind", Kind.class));
    }

    Map<String, Object> settings() {
        return Map.of("kind", Settings.kebab(kind));
    }
}
