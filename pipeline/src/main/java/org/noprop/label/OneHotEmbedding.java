package org.noprop.label;

/** One-hot label embeddings, W_Embed = I: fixed, d = m. Of ten thousand classes I takes 400 MB; nothing here holds it. */
public record OneHotEmbedding(int classes) implements LabelEmbedding {
    /**
     * Checks the number of classes.
     *
     * @throws IllegalArgumentException if it is below 2
     */
    public OneHotEmbedding {
        if (classes < 2) {
            throw new IllegalArgumentException("One-hot label embeddings need at least 2 classes, got " + classes);
        }
    }

    @Override
    public int width() {
        return classes;
    }

    @Override
    public float component(int label, int index) {
        return label == index ? 1 : 0;
    }

    @Override
    public float[] vector(int label) {
        float[] vector = new float[classes];
        vector[label] = 1;
        return vector;
    }
}
