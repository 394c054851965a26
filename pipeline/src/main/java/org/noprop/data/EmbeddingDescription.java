package org.noprop.data;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a folder of image embeddings holds: the content of its {@code embeddings.json}.
 *
 * @param shape dimensions of an image embedding: [height, width, channels], or [components]
 * @param classNames the name of each class, by label
 * @param rows how many rows each split has
 * @param embedder what made the embeddings, with its figures (for pixels the mean and deviation of each
 *     channel), as JSON
 * @param fingerprint SHA-256 in hexadecimal of the source and the settings that the rows follow from: equal
 *     fingerprints, equal rows
 * @param leftOut how many files of the source were not used, by reason; none in folders of before that was counted
 * @param checksums SHA-256 of the files of tensors beside it, by name; filled in when written, and none in folders
 *     that were written before there were any
 */
public record EmbeddingDescription(
        List<Integer> shape,
        List<String> classNames,
        Map<Split, Long> rows,
        @JsonRawValue @JsonDeserialize(using = RawJson.class) String embedder,
        String fingerprint,
        Map<String, Long> leftOut,
        Map<String, String> checksums) {

    /** Of a row's id and label. */
    static final int KEY_BYTES = Long.BYTES + Integer.BYTES;

    /** As many values of a row as fit into an array in batches. */
    private static final int MOST_WIDTH = 1 << 26;

    /**
     * Copies its collections.
     *
     * @throws IllegalArgumentException if a dimension or a number of rows is none, or they are too many
     */
    public EmbeddingDescription {
        shape = List.copyOf(shape);
        classNames = List.copyOf(classNames);
        rows = Collections.unmodifiableMap(new TreeMap<>(rows));
        leftOut = leftOut == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(leftOut));
        checksums = checksums == null ? Map.of() : Map.copyOf(checksums);
        double values = shape.stream()
                .mapToDouble(side -> side < 1 ? Double.POSITIVE_INFINITY : side)
                .reduce(1, (a, b) -> a * b);
        if (values > MOST_WIDTH || rows.values().stream().anyMatch(count -> count < 0 || count > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("No embeddings have the shape " + shape + " and the rows " + rows);
        }
    }

    /** A description whose files are not written yet. */
    public EmbeddingDescription(
            List<Integer> shape, List<String> classNames, Map<Split, Long> rows, String embedder, String fingerprint) {
        this(shape, classNames, rows, embedder, fingerprint, Map.of());
    }

    /** A description whose files are not written yet, of a source of which some files were not used. */
    public EmbeddingDescription(
            List<Integer> shape,
            List<String> classNames,
            Map<Split, Long> rows,
            String embedder,
            String fingerprint,
            Map<String, Long> leftOut) {
        this(shape, classNames, rows, embedder, fingerprint, leftOut, Map.of());
    }

    EmbeddingDescription withChecksums(Map<String, String> written) {
        return new EmbeddingDescription(shape, classNames, rows, embedder, fingerprint, leftOut, written);
    }

    /** Components of an image embedding: the product of the shape. */
    public int width() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** The heap that the rows of a split take in memory, in bytes. */
    public long bytes(Split split) {
        return rows.getOrDefault(split, 0L) * rowBytes();
    }

    /** The heap that a row takes in memory, in bytes. */
    public long rowBytes() {
        return width() * (long) Float.BYTES + KEY_BYTES;
    }

    /** m, how many classes. */
    public int classes() {
        return classNames.size();
    }

    static final class RawJson extends StdDeserializer<String> {
        RawJson() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return context.readTree(parser).toString();
        }
    }
}
