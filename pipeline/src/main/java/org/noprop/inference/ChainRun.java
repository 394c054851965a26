package org.noprop.inference;

import java.util.List;

/**
 * One run of the chain over all rows.
 *
 * @param probabilities what the head says of z_T
 * @param afterStep for t = 1 … T, in this order, each row's most probable class according to block t
 *     inside the chain, which gives û_t as the softmax-weighted sum of label embeddings
 */
public record ChainRun(ClassProbabilities probabilities, List<int[]> afterStep) {
    /** Copies the list. */
    public ChainRun {
        afterStep = List.copyOf(afterStep);
    }
}
