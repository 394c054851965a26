package org.noprop.label;

/** Makes heads that are trained apart from blocks, over fixed label embeddings. */
public final class Heads {
    private Heads() {}

    /**
     * An untrained head.
     *
     * @param settings which one
     * @param labels the label embedding
     * @param learningRate AdamW's, positive
     * @param weightDecay AdamW's, at least 0
     */
    public static Head of(HeadSettings settings, LabelEmbedding labels, double learningRate, double weightDecay) {
        return settings instanceof HeadSettings.Posterior posterior
                ? new PosteriorHead(labels, posterior.sigma(), learningRate, weightDecay)
                : new LinearHead(labels.width(), labels.classes(), learningRate, weightDecay);
    }
}
