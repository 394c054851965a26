package org.noprop.network;

import java.util.SortedMap;
import org.noprop.tensor.Tensor;
import org.noprop.tensor.Trainable;

/** What networks over a {@link TrainedGraph} have in common: its state in and out. */
abstract class GraphNetwork implements Trainable {
    private final NetworkShape shape;
    private final TrainedGraph graph;

    GraphNetwork(NetworkShape shape, TrainedGraph graph) {
        this.shape = shape;
        this.graph = graph;
    }

    static NetworkShape shape(ImagePart image, LabelMatrix labels) {
        return new NetworkShape(image.components(), labels.width(), labels.classes());
    }

    public final NetworkShape shape() {
        return shape;
    }

    public final long parameters() {
        return graph.parameters();
    }

    final TrainedGraph graph() {
        return graph;
    }

    @Override
    public final SortedMap<String, Tensor> weights() {
        return graph.weights();
    }

    @Override
    public final void loadWeights(SortedMap<String, Tensor> weights) {
        graph.loadWeights(weights);
    }

    @Override
    public final SortedMap<String, Tensor> optimiserState() {
        return graph.optimiserState();
    }

    @Override
    public final void loadOptimiserState(SortedMap<String, Tensor> state) {
        graph.loadOptimiserState(state);
    }

    @Override
    public final void setLearningRate(double learningRate) {
        graph.setLearningRate(learningRate);
    }

    /** Bytes of the network's own copies of a batch, and of what its loss computes. */
    abstract long batchBytes();

    public final MemoryFigures memory() {
        return graph.memory(batchBytes());
    }
}
