package org.noprop.network;

import org.noprop.label.LabelEmbedding;

/** Builds networks: the one place that knows which engine and which kind of network stand behind the interfaces. */
public interface Networks {

    /**
     * A new block with initial weights drawn from {@code weightSeed}.
     *
     * @param image what the block does with an image
     * @param labels the label embedding, whose rows û combines
     * @param optimiser AdamW's settings
     * @param weightSeed what the initial weights are drawn from
     */
    BlockNetwork block(ImagePart image, LabelEmbedding labels, AdamWSettings optimiser, long weightSeed);

    /**
     * A new baseline of {@code blocks} such blocks and a linear softmax head.
     *
     * @param blocks T, at least 1
     */
    BaselineNetwork baseline(
            int blocks, ImagePart image, LabelEmbedding labels, AdamWSettings optimiser, long weightSeed);
}
