package org.noprop.inference;

/**
 * Images in memory.
 *
 * @param ids what each image's noise is drawn for
 * @param embeddings the image embedding of each, all of one width; not copied
 */
public record VectorRows(long[] ids, float[][] embeddings) implements ImageRows {
    /**
     * Checks the lengths.
     *
     * @throws IllegalArgumentException if there is not an id for each image, or widths differ
     */
    public VectorRows {
        if (ids.length != embeddings.length) {
            throw new IllegalArgumentException(ids.length + " ids of " + embeddings.length + " images");
        }
        for (float[] embedding : embeddings) {
            if (embedding.length != embeddings[0].length) {
                throw new IllegalArgumentException(
                        "Image embeddings of " + embeddings[0].length + " and of " + embedding.length + " components");
            }
        }
    }

    @Override
    public int rows() {
        return ids.length;
    }

    @Override
    public int width() {
        return embeddings.length == 0 ? 0 : embeddings[0].length;
    }

    @Override
    public long id(int row) {
        return ids[row];
    }

    @Override
    public void copyRow(int row, float[] into, int offset) {
        System.arraycopy(embeddings[row], 0, into, offset, embeddings[row].length);
    }
}
