package org.noprop.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a split in memory, read-only and free for any number of threads: id, label and image
 * embedding of each, in ascending order of id. Values lie in float chunks on the heap.
 */
public final class EmbeddingTable implements EmbeddingRows {
    private static final int CHUNK_VALUES = 1 << 24;

    private final int width;
    private final int rowsInChunk;
    private final long[] ids;
    private final int[] labels;
    private final float[][] chunks;
    private final int[] rowGroups;
    private final long bytesRead;

    private EmbeddingTable(Builder builder) {
        width = builder.width;
        rowsInChunk = builder.rowsInChunk;
        ids = builder.ids;
        labels = builder.labels;
        chunks = builder.chunks;
        rowGroups = builder.rowGroups.stream().mapToInt(Integer::intValue).toArray();
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
        builder.startRowGroup();
        for (int row = 0; row < ids.length; row++) {
            if (!builder.follows(ids[row]) || embeddings[row].length != width) {
                throw new IllegalArgumentException("Row " + row + " has an id out of order or another width");
            }
            builder.add(ids[row], labels[row]);
            System.arraycopy(embeddings[row], 0, builder.chunk(), builder.offset(), width);
        }
        return builder.build();
    }

    @Override
    public int rows() {
        return ids.length;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public long id(int row) {
        return ids[row];
    }

    @Override
    public int label(int row) {
        return labels[row];
    }

    @Override
    public void copyRow(int row, float[] into, int offset) {
        System.arraycopy(chunks[row / rowsInChunk], (row % rowsInChunk) * width, into, offset, width);
    }

    @Override
    public int[] rowGroups() {
        return rowGroups.clone();
    }

    /** All rows are at hand in any order. */
    @Override
    public void visit(int[] order) {
        // Nothing to prepare.
    }

    /** The heap it holds, in bytes. */
    public long bytes() {
        long values = Arrays.stream(chunks).mapToLong(chunk -> chunk.length).sum();
        return values * Float.BYTES + (long) rows() * (Long.BYTES + Integer.BYTES);
    }

    @Override
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
        private final List<Integer> rowGroups = new ArrayList<>();
        private int rows;
        private int ascendingFrom;
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

        /** The rows that follow are of the next row group. */
        void startRowGroup() {
            rowGroups.add(rows);
        }

        /** Ids need not go on from here: the rows that follow are of a row group that may lie anywhere. */
        void startOver() {
            ascendingFrom = rows;
        }

        /** Whether a row with this id may come next. */
        boolean follows(long id) {
            return rows == ascendingFrom || id > ids[rows - 1];
        }

        /** Components of an image embedding; 0 if only ids and labels are wanted. */
        int width() {
            return width;
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
