package org.noprop.network;

import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.NativeBackend;

/**
 * Networks as DL4J graphs of units of ours over ND4J. Stateless: any thread may build from it.
 *
 * <p>They run on the CPU: batch norm, the optimiser and whatever has few columns are computed in Java.
 */
public final class Dl4jNetworks implements Networks {
    @Override
    public BlockNetwork block(ImagePart image, LabelEmbedding labels, AdamWSettings optimiser, long weightSeed) {
        checkBackend();
        return new GraphBlock(image, labels, optimiser, weightSeed);
    }

    @Override
    public BaselineNetwork baseline(
            int blocks, ImagePart image, LabelEmbedding labels, AdamWSettings optimiser, long weightSeed) {
        checkBackend();
        return new GraphBaseline(blocks, image, labels, optimiser, weightSeed);
    }

    private static void checkBackend() {
        String backend = NativeBackend.load().backend();
        if (!backend.equals("CPU")) {
            throw new IllegalStateException("These networks run on ND4J's CPU backend, and " + backend
                    + " is on the class path: use a build without -Pcuda");
        }
    }
}
