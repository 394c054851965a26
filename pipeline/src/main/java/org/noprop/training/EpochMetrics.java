package org.noprop.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of metrics.jsonl.
 *
 * @param epoch 1 … epochs
 * @param epochs how many there will be
 * @param seconds wall-clock of the epoch's steps, without validation and checkpoints
 * @param figures the loss and the validation figures, by name
 */
public record EpochMetrics(int epoch, int epochs, double seconds, Map<String, Double> figures) {

    /** The line, without its end. */
    public String toJson(ObjectMapper mapper) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("epoch", epoch);
        fields.put("epochs", epochs);
        fields.put("seconds", seconds);
        fields.putAll(figures);
        try {
            return mapper.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Numbers and texts always have a JSON form", e);
        }
    }
}
