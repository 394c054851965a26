package org.noprop.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.RunFolder;
import org.noprop.tensor.Tensor;

/**
 * The training images class by class, in files of a few hundred images each, below {@code
 * label-embedding/chunks} of a run: what tasks that compare images of one class read piece by piece.
 *
 * @param hadoop file system settings
 * @param runs folder of all runs
 * @param runId the run
 * @param width components of an image embedding
 * @param rows images of each class, by class
 * @param budget values that a task may hold of distances
 */
record ClassChunks(
        SerializableConfiguration hadoop, String runs, String runId, int width, Map<Integer, Long> rows, long budget)
        implements Serializable {
    static final String FOLDER = "label-embedding/chunks";
    private static final int MOST_ROWS = 2048;
    private static final String IMAGES = "images";

    /**
     * One file.
     *
     * @param label the class
     * @param index 0, 1, …
     */
    record Chunk(int label, int index) implements Serializable {}

    /** Images of a file of this class, so many that their distances to the whole class keep to the budget. */
    int rowsOfChunk(int label) {
        return (int) Math.max(1, Math.min(MOST_ROWS, budget / rows.get(label)));
    }

    /** How many files the class has. */
    int count(int label) {
        int size = rowsOfChunk(label);
        return (int) ((rows.get(label) + size - 1) / size);
    }

    /** Writes images that come class by class. */
    void write(Iterator<EmbeddingRow> images) {
        RunFolder run = run();
        Chunk chunk = null;
        int filled = 0;
        float[] values = {};
        while (images.hasNext()) {
            EmbeddingRow image = images.next();
            if (chunk == null || chunk.label != image.getLabel()) {
                chunk = new Chunk(image.getLabel(), 0);
                filled = 0;
                values = new float[rowsOfChunk(chunk.label) * width];
            }
            System.arraycopy(image.getEmbedding(), 0, values, filled++ * width, width);
            if (filled == rowsOfChunk(chunk.label) || isLast(chunk, filled)) {
                run.writeTensors(
                        file(chunk),
                        new TreeMap<>(
                                Map.of(IMAGES, Tensor.matrix(filled, width, Arrays.copyOf(values, filled * width)))));
                chunk = new Chunk(chunk.label, chunk.index + 1);
                filled = 0;
            }
        }
    }

    private boolean isLast(Chunk chunk, int filled) {
        return (long) chunk.index * rowsOfChunk(chunk.label) + filled == rows.get(chunk.label);
    }

    /** The images of a file, row-major. */
    float[] read(Chunk chunk) {
        return run().readTensors(file(chunk)).get(IMAGES).values();
    }

    /** All files. */
    List<Chunk> all() {
        return rows.keySet().stream()
                .sorted()
                .flatMap(label -> IntStream.range(0, count(label)).mapToObj(index -> new Chunk(label, index)))
                .toList();
    }

    private RunFolder run() {
        return RunFolder.open(hadoop.value(), runs, runId);
    }

    private static String file(Chunk chunk) {
        return String.format(Locale.ROOT, "%s/label=%d/%05d.safetensors", FOLDER, chunk.label, chunk.index);
    }
}
