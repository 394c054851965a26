package org.noprop.network;

import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.NativeBackend;

/** Networks as DL4J graphs of units of ours over ND4J. Stateless: any thread may build from it. */
public final class Dl4jNetworks implements Networks {
    @Override
    public BlockNetwork block(ImagePart image, LabelEmbedding labels, AdamWSettings optimiser, long weightSeed) {
        NativeBackend.load();
        return new GraphBlock(image, labels, optimiser, weightSeed);
    }

    @Override
    public BaselineNetwork baseline(
            int blocks, ImagePart image, LabelEmbedding labels, AdamWSettings optimiser, long weightSeed) {
        NativeBackend.load();
        return new GraphBaseline(blocks, image, labels, optimiser, weightSeed);
    }
}
