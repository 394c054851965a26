package org.noprop.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One line of metrics.jsonl.
 *
 * @param epoch 1 … epochs
 * @param epochs how many there will be
 * @param seconds wall-clock of the epoch's steps, without validation and checkpoints
 * @param figures the loss and the validation figures, by name
 */
public record EpochMetrics(int epoch, int epochs, double seconds, SortedMap<String, Double> figures)
        implements Serializable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String EPOCH = "epoch";
    private static final String EPOCHS = "epochs";

    /** Copies the figures. */
    public EpochMetrics {
        figures = new TreeMap<>(figures);
    }

    /** The line, without its end. */
    public String toJson() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(EPOCH, epoch);
        fields.put(EPOCHS, epochs);
        fields.put(ArtifactFigures.SECONDS, seconds);
        fields.putAll(figures);
        try {
            return MAPPER.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Numbers and texts always have a JSON form", e);
        }
    }

    /**
     * What lines of {@link #toJson} say.
     *
     * @throws UncheckedIOException if one is no JSON
     */
    public static List<EpochMetrics> parse(List<String> lines) {
        return lines.stream().map(EpochMetrics::parse).toList();
    }

    private static EpochMetrics parse(String line) {
        try {
            JsonNode fields = MAPPER.readTree(line);
            SortedMap<String, Double> figures = new TreeMap<>();
            fields.fields().forEachRemaining(field -> {
                if (!List.of(EPOCH, EPOCHS, ArtifactFigures.SECONDS).contains(field.getKey())) {
                    figures.put(field.getKey(), field.getValue().asDouble());
                }
            });
            return new EpochMetrics(
                    fields.path(EPOCH).asInt(),
                    fields.path(EPOCHS).asInt(),
                    fields.path(ArtifactFigures.SECONDS).asDouble(),
                    figures);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
