package org.noprop.label;

/** Makes heads that are trained apart from blocks, over fixed label embeddings. */
public final class Heads {
    /** Of a weight in training: itself, its moments, its gradient in double precision, and a checkpoint on its way to the disk. */
    private static final long BYTES_OF_A_WEIGHT = 44;

    private Heads() {}

    /** About the heap that training a head over these label embeddings takes, in bytes. */
    public static long trainingBytes(LabelEmbedding labels) {
        return BYTES_OF_A_WEIGHT * (labels.width() + 1) * labels.classes();
    }

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
