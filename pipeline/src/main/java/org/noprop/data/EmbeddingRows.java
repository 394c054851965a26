package org.noprop.data;

/**
 * Rows of a split as training sees them: id, label and image embedding of each, numbered from 0 in ascending
 * order of id. Ids and labels are there at any time; image embeddings in the order that is announced.
 */
public interface EmbeddingRows {

    /** How many rows. */
    int rows();

    /** Components of an image embedding. */
    int width();

    /**
     * The id of a row, unique over all splits.
     *
     * @param row 0 … rows-1
     */
    long id(int row);

    /**
     * The class of a row.
     *
     * @param row 0 … rows-1
     */
    int label(int row);

    /** The compressed bytes of Parquet files that were read for these rows so far. */
    long bytesRead();

    /** The first row of each row group of the Parquet files that the rows are from: ascending, from 0. */
    int[] rowGroups();

    /**
     * Announces the order in which image embeddings will be copied, from its beginning. What is read and
     * forgotten goes by whole row groups: an order that takes them one by one, or some at a time, reads each once.
     *
     * @param order row numbers, each at most once; not to be changed until the next is announced
     */
    void visit(int[] order);

    /**
     * Copies the image embedding of a row.
     *
     * @param row the next one of the order
     * @param into receives {@link #width} values from {@code offset} on
     */
    void copyRow(int row, float[] into, int offset);
}
