package org.noprop.spark;

import java.io.Serializable;

/** A row of the Parquet embeddings as Spark's bean encoder wants it; tasks make one for each image. */
public final class EmbeddingRow implements Serializable {
    private long id;
    private int label;
    private float[] embedding = {};

    /** An empty row, for the encoder. */
    public EmbeddingRow() {}

    /** A row; the array is handed over, not copied. */
    EmbeddingRow(long id, int label, float[] embedding) {
        this.id = id;
        this.label = label;
        this.embedding = embedding;
    }

    /** Unique over all splits. */
    public long getId() {
        return id;
    }

    /** For the encoder. */
    public void setId(long id) {
        this.id = id;
    }

    /** The class. */
    public int getLabel() {
        return label;
    }

    /** For the encoder. */
    public void setLabel(int label) {
        this.label = label;
    }

    /** The image embedding, not copied. */
    public float[] getEmbedding() {
        return embedding;
    }

    /** For the encoder. */
    public void setEmbedding(float[] embedding) {
        this.embedding = embedding;
    }
}
