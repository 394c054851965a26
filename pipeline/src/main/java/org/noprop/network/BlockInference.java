package org.noprop.network;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.nn.BlockNetwork;

/**
 * A block's graph in inference, taken apart: what x alone decides is computed once for an image and, in continuous time, what
 * t adds to the first fused layer once for a step.
 */
final class BlockInference implements AutoCloseable {
    private final Graph graph;
    private final BlockNetwork network;
    private final String output;
    /** The first fused layer and the time part; null in discrete time. */
    private final DenseRelu fused;

    private final DenseRelu time;
    private final TimeFeatures times;
    private INDArray timeShare;

    /** The inference of the graph that this network was built to. */
    BlockInference(Graph graph, BlockNetwork network) {
        boolean continuous = network.network().inputs().contains(BlockNetwork.TIME);
        this.graph = graph;
        this.network = network;
        this.output = network.network().output().name();
        this.fused = continuous ? (DenseRelu) graph.unit(BlockNetwork.FUSED) : null;
        this.time = continuous ? (DenseRelu) graph.unit(BlockNetwork.TIME_PART) : null;
        this.times = new TimeFeatures(graph.weights().values().dataType());
    }

    /** Columns of {@link #encode}. */
    int featureWidth() {
        return network.featureWidth();
    }

    /** What x alone decides, [rows, {@link #featureWidth}]. */
    INDArray encode(INDArray images) {
        INDArray features = graph.infer(network.image(), Map.of(BlockNetwork.IMAGE, images));
        return fused == null ? features : fused.first(features);
    }

    /** Says for which t the next estimates are; a block of discrete time knows its step by its weights alone. */
    void moveTo(double t) {
        if (fused != null) {
            timeShare = fused.lastWithBias(time.forward(false, times.of(1, t)));
        }
    }

    /**
     * û or, of NoProp-FM, the velocity v, [rows, d].
     *
     * @param features what {@link #encode} gave; may be overwritten
     * @param noisedLabels z, [rows, d]
     */
    INDArray estimate(INDArray features, INDArray noisedLabels) {
        if (fused == null) {
            return graph.infer(output, Map.of(network.image(), features, BlockNetwork.NOISED_LABEL, noisedLabels));
        }
        INDArray label = graph.infer(network.label(), Map.of(BlockNetwork.NOISED_LABEL, noisedLabels));
        return graph.infer(output, Map.of(BlockNetwork.FUSED, fused.complete(features, label, timeShare)));
    }

    /** The softmax that û was last made from, rows × classes; the array itself. Not of a velocity. */
    double[] probabilities() {
        return ((SoftmaxUnit) graph.unit(network.probabilities())).probabilities();
    }

    /** Bytes of its own beside those of the graph's units. */
    long bytes() {
        return times.bytes();
    }

    @Override
    public void close() {
        times.close();
    }
}
