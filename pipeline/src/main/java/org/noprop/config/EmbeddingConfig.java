package org.noprop.config;

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
}
