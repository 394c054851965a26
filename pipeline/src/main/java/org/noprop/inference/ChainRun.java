package org.noprop.inference;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One run of the chain over all rows.
 *
 * @param probabilities what the head says of z_T
 * @param afterStep for t = 1 … T, in this order, each row's most probable class according to block t
 *     inside the chain, which gives û_t as the softmax-weighted sum of label embeddings
 */
public record ChainRun(ClassProbabilities probabilities, List<int[]> afterStep) implements Serializable {
    /** Copies the list. */
    public ChainRun {
        afterStep = List.copyOf(afterStep);
    }

    /** The rows of all parts of one run, one part after the other; at least one part. */
    static ChainRun join(List<ChainRun> parts) {
        return new ChainRun(
                ClassProbabilities.join(
                        parts.stream().map(ChainRun::probabilities).toList()),
                joinEach(parts.stream().map(ChainRun::afterStep).toList()));
    }

    /** Joins the i-th predictions of all parts, for each i. */
    static List<int[]> joinEach(List<List<int[]>> parts) {
        return IntStream.range(0, parts.get(0).size())
                .mapToObj(i -> parts.stream()
                        .map(part -> part.get(i))
                        .flatMapToInt(Arrays::stream)
                        .toArray())
                .toList();
    }
}
