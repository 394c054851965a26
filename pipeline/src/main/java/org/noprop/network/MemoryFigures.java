package org.noprop.network;

import java.io.Serializable;

/**
 * The bytes, native and of large arrays on the Java heap, that a network accounts for, by what they hold.
 *
 * @param weights trained and running values
 * @param gradients one for each trained value, and its sum where parts of batches are summed up
 * @param optimiserState moments
 * @param activations what the forward pass keeps for the backward pass, and gradients of inputs, at the
 *     largest batch so far
 * @param scratch what layers use in turn
 * @param batch the network's own copy of a batch
 */
public record MemoryFigures(
        long weights, long gradients, long optimiserState, long activations, long scratch, long batch)
        implements Serializable {
    /** Of something without a network. */
    public static final MemoryFigures NONE = new MemoryFigures(0, 0, 0, 0, 0, 0);

    /** Of two networks at a time. */
    public MemoryFigures plus(MemoryFigures other) {
        return new MemoryFigures(
                weights + other.weights,
                gradients + other.gradients,
                optimiserState + other.optimiserState,
                activations + other.activations,
                scratch + other.scratch,
                batch + other.batch);
    }

    /** The sum. */
    public long total() {
        return weights + gradients + optimiserState + activations + scratch + batch;
    }
}
