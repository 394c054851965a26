package org.noprop.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.data.DamagedFileException;
import org.noprop.data.Json;

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
    private static final List<String> NOT_FINITE = List.of("NaN", "Infinity", "-Infinity");

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
     * @param file where they were found, for messages
     * @throws DamagedFileException if one is no such line, or they are not of one epoch after the other
     */
    public static List<EpochMetrics> parse(List<String> lines, String file) {
        List<EpochMetrics> all = new ArrayList<>();
        for (String line : lines) {
            EpochMetrics metrics = parse(line, file);
            if (!all.isEmpty() && metrics.epoch() != all.get(all.size() - 1).epoch() + 1) {
                throw damaged(file, line);
            }
            all.add(metrics);
        }
        return all;
    }

    private static EpochMetrics parse(String line, String file) {
        ObjectNode fields = Json.object(line, file);
        int epoch = number(fields.remove(EPOCH), line, file).intValue();
        int epochs = number(fields.remove(EPOCHS), line, file).intValue();
        double seconds =
                number(fields.remove(ArtifactFigures.SECONDS), line, file).doubleValue();
        SortedMap<String, Double> figures = new TreeMap<>();
        fields.fields()
                .forEachRemaining(field -> figures.put(
                        field.getKey(), number(field.getValue(), line, file).doubleValue()));
        if (epoch < 1 || epoch > epochs || !(seconds >= 0)) {
            throw damaged(file, line);
        }
        return new EpochMetrics(epoch, epochs, seconds, figures);
    }

    /** Jackson writes what is no finite number as a text. */
    private static Number number(JsonNode node, String line, String file) {
        if (node != null && node.isNumber()) {
            return node.numberValue();
        }
        if (node != null && NOT_FINITE.contains(node.asText())) {
            return Double.valueOf(node.asText());
        }
        throw damaged(file, line);
    }

    private static DamagedFileException damaged(String file, String line) {
        return new DamagedFileException(
                "Cannot read " + file + ": " + line + " is no line of an epoch after the one before", null);
    }
}
