package org.noprop.label;

/**
 * Label embeddings as wide as an image, that start from one chosen image of each class: a noised label
 * is then an image, and goes through an image part of its own.
 */
public final class PrototypeEmbedding extends MatrixEmbedding {
    private final boolean trainable;

    /**
     * Label embeddings of these images.
     *
     * @param classes m, at least 2
     * @param width d, components of an image embedding
     * @param trainable whether they are trained, as the paper's are
     * @param images W_Embed, m × d, row-major; copied
     */
    public PrototypeEmbedding(int classes, int width, boolean trainable, float... images) {
        super(classes, width, images.clone());
        this.trainable = trainable;
    }

    @Override
    public boolean trainable() {
        return trainable;
    }

    @Override
    public PrototypeEmbedding withMatrix(float... images) {
        return new PrototypeEmbedding(classes(), width(), trainable, images);
    }
}
