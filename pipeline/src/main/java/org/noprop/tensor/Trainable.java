package org.noprop.tensor;

import java.util.SortedMap;

/** Something with weights and an optimiser, whose state leaves as tensors and comes back. */
public interface Trainable extends AutoCloseable {

    /** Weights and running statistics by name, copied out. */
    SortedMap<String, Tensor> weights();

    /**
     * Puts weights and running statistics back.
     *
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another
     *     shape
     */
    void loadWeights(SortedMap<String, Tensor> weights);

    /** The optimiser's moments and step count by name, copied out. */
    SortedMap<String, Tensor> optimiserState();

    /**
     * Puts the optimiser's state back.
     *
     * @throws IllegalArgumentException as {@link #loadWeights}
     */
    void loadOptimiserState(SortedMap<String, Tensor> state);

    /**
     * Changes the optimiser's learning rate for the steps to come.
     *
     * @param learningRate at least 0
     */
    void setLearningRate(double learningRate);

    /** Frees native memory; it cannot be used afterwards. */
    @Override
    void close();
}
