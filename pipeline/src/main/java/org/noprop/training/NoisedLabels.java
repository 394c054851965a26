package org.noprop.training;

import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.label.LabelEmbedding;

/** Draws z ~ q(z_t | y) for the rows of a batch, into an array that is used again for every batch. */
final class NoisedLabels {
    private final double alphaBar;
    private final NoiseKey key;
    private final LabelEmbedding labels;
    private final float[] values;

    /**
     * Noised labels of one step.
     *
     * @param alphaBar ᾱ of the step; 0 for z ~ N(0, I), which no label enters
     * @param key addresses the draws of all epochs and rows
     * @param labels label embeddings
     * @param batchSize largest batch
     */
    NoisedLabels(double alphaBar, NoiseKey key, LabelEmbedding labels, int batchSize) {
        this.alphaBar = alphaBar;
        this.key = key;
        this.labels = labels;
        this.values = new float[batchSize * labels.width()];
    }

    /**
     * The batch's z, rows × d.
     *
     * @param epoch part of the address, so that every epoch draws anew
     * @param id the row's id, the other part
     * @param label the row's class
     * @param i where in the batch the row stands
     */
    void draw(int epoch, long id, int label, int i) {
        LabelNoise.draw(alphaBar, labels.vector(label), key.at(epoch).at(id), values, i * labels.width());
    }

    float[] values() {
        return values;
    }
}
