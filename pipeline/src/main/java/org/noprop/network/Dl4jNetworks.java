package org.noprop.network;

import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.OptimiserSettings;

/**
 * Networks as DL4J graphs of units of ours over ND4J. Stateless: any thread may build from it.
 *
 * <p>Batch norm, the optimiser and whatever has few columns are computed in Java, where a GPU's arrays are brought by
 * {@link org.noprop.tensor.HostMemory}.
 */
public final class Dl4jNetworks implements Networks {
    @Override
    public BlockNetwork block(ImagePart image, LabelEmbedding labels, OptimiserSettings optimiser, long weightSeed) {
        NativeBackend.load();
        return GraphBlock.create(image, labels, optimiser, weightSeed);
    }

    @Override
    public LearnedBlock learnedBlock(
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            DiscreteStep step,
            OptimiserSettings optimiser,
            long weightSeed) {
        NativeBackend.load();
        return LearnedGraphBlock.create(image, labels, head, step, optimiser, weightSeed);
    }

    @Override
    public TimeBlock continuousBlock(
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            ContinuousSettings settings,
            OptimiserSettings optimiser,
            long weightSeed) {
        NativeBackend.load();
        return ContinuousGraphBlock.create(image, labels, head, settings, optimiser, weightSeed);
    }

    @Override
    public TimeBlock flowBlock(
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            double sigma,
            OptimiserSettings optimiser,
            long weightSeed) {
        NativeBackend.load();
        return FlowGraphBlock.create(image, labels, head, sigma, optimiser, weightSeed);
    }

    @Override
    public BaselineNetwork baseline(
            int blocks, ImagePart image, LabelEmbedding labels, OptimiserSettings optimiser, long weightSeed) {
        NativeBackend.load();
        return GraphBaseline.create(blocks, image, labels, optimiser, weightSeed);
    }
}
