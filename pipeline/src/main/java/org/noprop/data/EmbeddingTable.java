package org.noprop.data;

import java.util.Arrays;

/**
 * The rows of a split in memory, read-only and free for any number of threads: id, label and image
 * embedding of each, in ascending order of id. Values lie in float chunks on the heap.
 */
public final class EmbeddingTable {
    private static final int CHUNK_VALUES = 1 << 24;

    private final int width;
    private final int rowsInChunk;
    private final long[] ids;
    private final int[] labels;
    private final float[][] chunks;
    private final long bytesRead;

    private EmbeddingTable(Builder builder) {
        width = builder.width;
        rowsInChunk = builder.rowsInChunk;
        ids = builder.ids;
        labels = builder.labels;
        chunks = builder.chunks;
        bytesRead = builder.bytesRead;
    }

    /**
     * A table of rows that are in memory already.
     *
     * @param ids ascending, without repetition
     * @param labels the class of each
     * @param embeddings the image embedding of each, all of one width
     * @throws IllegalArgumentException if lengths differ or ids do not ascend
     */
    public static EmbeddingTable of(long[] ids, int[] labels, float[][] embeddings) {
        int width = embeddings.length == 0 ? 0 : embeddings[0].length;
        Builder builder = new Builder(ids.length, width);
        for (int row = 0; row < ids.length; row++) {
            if (!builder.follows(ids[row]) || embeddings[row].length != width) {
                throw new IllegalArgumentException("Row " + row + " has an id out of order or another width");
            }
            builder.add(ids[row], labels[row]);
            System.arraycopy(embeddings[row], 0, builder.chunk(), builder.offset(), width);
        }
        return builder.build();
    }

    /** How many rows. */
    public int rows() {
        return ids.length;
    }

    /** Components of an image embedding. */
    public int width() {
        return width;
    }

    /**
     * The id of a row, unique over all splits.
     *
     * @param row 0 … rows-1
     */
    public long id(int row) {
        return ids[row];
    }

    /**
     * The class of a row.
     *
     * @param row 0 … rows-1
     */
    public int label(int row) {
        return labels[row];
    }

    /**
     * Copies the image embedding of a row.
     *
     * @param row 0 … rows-1
     * @param into receives {@link #width} values from {@code offset} on
     */
    public void copyRow(int row, float[] into, int offset) {
        System.arraycopy(chunks[row / rowsInChunk], (row % rowsInChunk) * width, into, offset, width);
    }

    /** The heap it holds, in bytes. */
    public long bytes() {
        long values = Arrays.stream(chunks).mapToLong(chunk -> chunk.length).sum();
        return values * Float.BYTES + (long) rows() * (Long.BYTES + Integer.BYTES);
    }

    /** The compressed bytes that were read from files to make it. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Collects rows in the order of their ids. */
    static final class Builder {
        private final int width;
        private final int rowsInChunk;
        private final long[] ids;
        private final int[] labels;
        private final float[][] chunks;
        private int rows;
        private long bytesRead;

        Builder(long expectedRows, int width) {
            this.width = width;
            rowsInChunk = Math.max(1, CHUNK_VALUES / Math.max(1, width));
            int length = Math.toIntExact(expectedRows);
            ids = new long[length];
            labels = new int[length];
            chunks = new float[(length + rowsInChunk - 1) / rowsInChunk][];
            for (int i = 0; i < chunks.length; i++) {
                chunks[i] = new float[Math.min(rowsInChunk, length - i * rowsInChunk) * width];
            }
        }

        int rows() {
            return rows;
        }

        int expectedRows() {
            return ids.length;
        }

        /** Whether a row with this id may come next. */
        boolean follows(long id) {
            return rows == 0 || id > ids[rows - 1];
        }

        /** Adds a row, whose embedding then goes to {@link #chunk} at {@link #offset}. */
        void add(long id, int label) {
            ids[rows] = id;
            labels[rows] = label;
            rows++;
        }

        /** The chunk of row {@code row}. */
        float[] chunk(int row) {
            return chunks[row / rowsInChunk];
        }

        /** Where row {@code row} starts in its chunk. */
        int offset(int row) {
            return (row % rowsInChunk) * width;
        }

        float[] chunk() {
            return chunk(rows - 1);
        }

        int offset() {
            return offset(rows - 1);
        }

        void countBytes(long bytes) {
            bytesRead += bytes;
        }

        EmbeddingTable build() {
            return new EmbeddingTable(this);
        }
    }
}
