package org.noprop.network;

import java.io.Serializable;

/**
 * The bytes, native and of large arrays on the Java heap, that a network accounts for, by what they hold.
 *
 * @param weights trained and running values
 * @param gradients one for each trained value
 * @param optimiserState moments
 * @param activations what the forward pass keeps for the backward pass, and scratch, at the largest
 *     batch so far
 */
public record MemoryFigures(long weights, long gradients, long optimiserState, long activations)
        implements Serializable {
    /** The sum. */
    public long total() {
        return weights + gradients + optimiserState + activations;
    }
}
