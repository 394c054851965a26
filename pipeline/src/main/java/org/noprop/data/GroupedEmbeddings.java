package org.noprop.data;

/** Rows whose ids and labels are in memory, and whose image embeddings are read by row groups. It belongs to one thread. */
abstract class GroupedEmbeddings implements EmbeddingRows {
    private final EmbeddingGroups groups;
    private long bytesRead;

    GroupedEmbeddings(EmbeddingGroups groups) {
        this.groups = groups;
    }

    /** Where the rows are read from. */
    final EmbeddingGroups groups() {
        return groups;
    }

    /** Counts what was read for these rows. */
    final void count(EmbeddingTable read) {
        bytesRead += read.bytesRead();
    }

    @Override
    public final long bytesRead() {
        return bytesRead;
    }

    @Override
    public final int rows() {
        return groups.keys().rows();
    }

    @Override
    public final int width() {
        return groups.width();
    }

    @Override
    public final long id(int row) {
        return groups.keys().id(row);
    }

    @Override
    public final int label(int row) {
        return groups.keys().label(row);
    }

    @Override
    public final int[] rowGroups() {
        return groups.keys().rowGroups();
    }
}
