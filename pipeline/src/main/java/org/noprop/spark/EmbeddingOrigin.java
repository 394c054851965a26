package org.noprop.spark;

/** What makes a folder of image embeddings. */
interface EmbeddingOrigin {

    /**
     * What the rows follow from: equal fingerprints, equal rows.
     *
     * @throws org.noprop.data.InvalidInputException if files cannot be used
     */
    String fingerprint();

    /**
     * Writes them.
     *
     * @param folder with nothing in it, of any Hadoop file system
     */
    void write(String folder);
}
