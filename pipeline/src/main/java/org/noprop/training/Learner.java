package org.noprop.training;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.tensor.Tensor;
import org.noprop.tensor.Trainable;

/**
 * What an {@link EpochLoop} trains: one block, the head or the baseline, with the data that it learns
 * from. An instance belongs to one thread.
 */
public interface Learner {

    /** Names the learner in the address of its random draws: t for block t, 0 for the head, -1 for the baseline. */
    int number();

    /** The weights and optimiser that learn; whoever made them closes them. */
    Trainable subject();

    /**
     * One optimiser step.
     *
     * @param epoch 1 … epochs; part of the address of the step's random draws
     * @param rows row numbers of the batch, from {@code from} on
     * @param from where the batch starts in {@code rows}
     * @param count how many rows, at least 2
     * @return the mean loss over the batch before the step, in the unit that {@link #lossName} names
     */
    double step(int epoch, int[] rows, int from, int count);

    /** What {@link #step} returns, as it is named in metrics and state files. */
    String lossName();

    /**
     * Means over the steps since it was last asked of what the loss does not show, by name, each weighted by rows; empty
     * where there are none.
     */
    default Map<String, Double> epochFigures() {
        return Map.of();
    }

    /** Figures of the present weights on held-out rows, by name; empty where there are none. */
    Map<String, Double> validate();

    /**
     * The present values of what all partition groups train together and average between rounds, by name,
     * copied out; empty where groups share nothing.
     */
    default SortedMap<String, Tensor> shared() {
        return new TreeMap<>();
    }

    /**
     * Puts the averages in the place of {@link #shared}, before the first epoch of a round.
     *
     * @param averaged the same names and shapes
     */
    default void loadShared(SortedMap<String, Tensor> averaged) {
        throw new IllegalArgumentException("Learner " + number() + " shares nothing");
    }
}
