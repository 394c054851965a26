package org.noprop.network;

import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.NativeBackend;

/** Networks as DL4J graphs of units of ours over ND4J. Stateless: any thread may build from it. */
public final class Dl4jNetworks implements Networks {
    @Override
    public BlockNetwork block(int imageWidth, LabelEmbedding labels, AdamWSettings optimiser, long weightSeed) {
        NativeBackend.load();
        return new GraphBlock(imageWidth, labels, optimiser, weightSeed);
    }

    @Override
    public BaselineNetwork baseline(
            int blocks, int imageWidth, LabelEmbedding labels, AdamWSettings optimiser, long weightSeed) {
        NativeBackend.load();
        return new GraphBaseline(blocks, imageWidth, labels, optimiser, weightSeed);
    }
}
