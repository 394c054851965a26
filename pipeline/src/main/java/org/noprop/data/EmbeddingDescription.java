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
 */
public record EmbeddingDescription(
        List<Integer> shape,
        List<String> classNames,
        Map<Split, Long> rows,
        @JsonRawValue @JsonDeserialize(using = RawJson.class) String embedder,
        String fingerprint) {

    /** Of a row's id and label. */
    static final int KEY_BYTES = Long.BYTES + Integer.BYTES;

    /** Copies its collections. */
    public EmbeddingDescription {
        shape = List.copyOf(shape);
        classNames = List.copyOf(classNames);
        rows = Collections.unmodifiableMap(new TreeMap<>(rows));
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
            return parser.readValueAsTree().toString();
        }
    }
}
