package org.noprop.network;

import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.OptimiserSettings;

/**
 * Builds networks: the one place that knows which engine and which kind of network stand behind the interfaces.
 *
 * <p>Over a {@link org.noprop.label.PrototypeEmbedding} z goes through a second image part, so that d must be
 * the width of an image; otherwise building a network ends in an IllegalArgumentException.
 */
public interface Networks {

    /**
     * A new block over fixed label embeddings with initial weights drawn from {@code weightSeed}.
     *
     * @param image what the block does with an image
     * @param labels the label embedding, whose rows û combines
     * @param optimiser the optimiser's settings
     * @param weightSeed what the initial weights are drawn from
     */
    BlockNetwork block(ImagePart image, LabelEmbedding labels, OptimiserSettings optimiser, long weightSeed);

    /**
     * A new block of NoProp-DT that trains its label embeddings and a head.
     *
     * @param labels trainable; where W_Embed starts
     * @param head which head; its weights start at 0, equal in all blocks
     * @param step the block's step
     */
    LearnedBlock learnedBlock(
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            DiscreteStep step,
            OptimiserSettings optimiser,
            long weightSeed);

    /**
     * A new block of NoProp-CT, with a head of its own. Label embeddings may be fixed or trainable.
     *
     * @param settings of the objective and the noise schedule
     */
    TimeBlock continuousBlock(
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            ContinuousSettings settings,
            OptimiserSettings optimiser,
            long weightSeed);

    /**
     * A new block of NoProp-FM. It has a head, for the anchor term, if its label embeddings are trainable;
     * the class is the one whose label embedding is nearest in any case.
     *
     * @param sigma σ of z_t, at least 0
     */
    TimeBlock flowBlock(
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            double sigma,
            OptimiserSettings optimiser,
            long weightSeed);

    /**
     * A new baseline of {@code blocks} blocks of NoProp-DT and a linear softmax head. Trainable label
     * embeddings are trained with it.
     *
     * @param blocks T; or 0 for a plain classifier of a block's width, which no noise enters
     */
    BaselineNetwork baseline(
            int blocks, ImagePart image, LabelEmbedding labels, OptimiserSettings optimiser, long weightSeed);
}
