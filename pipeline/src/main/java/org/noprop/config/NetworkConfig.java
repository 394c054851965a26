package org.noprop.config;

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
}
