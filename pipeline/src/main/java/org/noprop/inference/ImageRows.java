package org.noprop.inference;

/** The images to classify: ids and image embeddings, and by intention no labels. */
public interface ImageRows {

    /** How many images. */
    int rows();

    /** Components of an image embedding x. */
    int width();

    /**
     * What a row's noise is drawn for: the same id gets the same noise in whatever company.
     *
     * @param row 0 … rows-1
     */
    long id(int row);

    /**
     * Copies a row's image embedding.
     *
     * @param row 0 … rows-1
     * @param into receives {@link #width} values
     * @param offset where the first one goes
     */
    void copyRow(int row, float[] into, int offset);
}
