package org.noprop.network;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.noprop.label.ClassReader;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.Tensor;

/** A network over a graph, with weights beside it that blocks share if one of them depends on θ_t. */
abstract class SharingGraphNetwork extends GraphNetwork implements SharingNetwork {
    private final LabelMatrix labels;
    private final ClassReader reader;
    private final boolean shares;

    /**
     * A network.
     *
     * @param labels its label embeddings
     * @param reader what reads classes from z_T
     * @param shares whether what lies beside the graph is shared
     */
    SharingGraphNetwork(
            NetworkShape shape, TrainedGraph graph, LabelMatrix labels, ClassReader reader, boolean shares) {
        super(shape, graph);
        this.labels = labels;
        this.reader = reader;
        this.shares = shares;
    }

    @Override
    public final SortedSet<String> sharedNames() {
        return shares ? graph().commonNames() : new TreeSet<>();
    }

    @Override
    public final SortedMap<String, Tensor> shared() {
        return shares ? graph().common() : new TreeMap<>();
    }

    @Override
    public final void loadShared(SortedMap<String, Tensor> tensors) {
        if (shares) {
            graph().loadCommon(tensors);
        } else if (!tensors.isEmpty()) {
            throw new IllegalArgumentException("Tensor " + tensors.firstKey() + " is not one of the network's");
        }
    }

    @Override
    public final LabelEmbedding labels() {
        return labels.toEmbedding();
    }

    @Override
    public final ClassReader reader() {
        return reader;
    }
}
