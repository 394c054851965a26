package org.noprop.training;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.tensor.Tensor;
import org.noprop.tensor.Trainable;

/**
 * What a member of a partition group, or one of the blocks that share something, brings to the average at the end of
 * a round.
 *
 * @param state weights and optimiser state, weighted by the rows of the member's shard; empty if the round
 *     had been averaged before; of a block, what it shares
 * @param epochs the figures of the round's epochs on the shard; none of a block, which writes its own
 */
public record MemberState(WeightedTensors state, List<EpochMetrics> epochs) implements Serializable {
    private static final String OPTIMISER = "optimiser ";

    /** Of a member that found the round averaged already. */
    static final MemberState DONE = new MemberState(WeightedTensors.NONE, List.of());

    /** Of a block. */
    public static MemberState of(WeightedTensors shared) {
        return new MemberState(shared, List.of());
    }

    static MemberState of(Trainable subject, long rows, List<EpochMetrics> epochs) {
        SortedMap<String, Tensor> all = new TreeMap<>(subject.weights());
        subject.optimiserState().forEach((name, tensor) -> all.put(OPTIMISER + name, tensor));
        return new MemberState(new WeightedTensors(all, rows), List.copyOf(epochs));
    }

    /** Puts averaged members into what they trained. */
    static void load(WeightedTensors average, Trainable subject) {
        SortedMap<String, Tensor> weights = new TreeMap<>();
        SortedMap<String, Tensor> optimiser = new TreeMap<>();
        average.tensors().forEach((name, tensor) -> {
            if (name.startsWith(OPTIMISER)) {
                optimiser.put(name.substring(OPTIMISER.length()), tensor);
            } else {
                weights.put(name, tensor);
            }
        });
        subject.loadWeights(weights);
        subject.loadOptimiserState(optimiser);
    }
}
