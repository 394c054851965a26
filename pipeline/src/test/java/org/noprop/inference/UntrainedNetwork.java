package org.noprop.inference;

import java.util.SortedMap;
import org.noprop.tensor.Tensor;
import org.noprop.tensor.Trainable;

/** A network that computes by a rule and has nothing to learn. */
interface UntrainedNetwork extends Trainable {

    @Override
    default SortedMap<String, Tensor> weights() {
        throw new UnsupportedOperationException();
    }

    @Override
    default void loadWeights(SortedMap<String, Tensor> weights) {
        throw new UnsupportedOperationException();
    }

    @Override
    default SortedMap<String, Tensor> optimiserState() {
        throw new UnsupportedOperationException();
    }

    @Override
    default void loadOptimiserState(SortedMap<String, Tensor> state) {
        throw new UnsupportedOperationException();
    }

    @Override
    default void setLearningRate(double learningRate) {}

    @Override
    default void close() {}
}
