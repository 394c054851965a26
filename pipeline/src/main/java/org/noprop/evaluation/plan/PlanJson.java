package org.noprop.evaluation.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import org.noprop.data.InvalidInputException;

/**
 * A plan as JSON: the records of this package under their components' names in kebab-case, {@code {"work": {…},
 * "times": {…}, "cluster": {…}, "points": [{"executors": n, "noprop": x, "data-parallel": x}, …]}}, seconds and bytes.
 */
public final class PlanJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .build();

    private PlanJson() {}

    /**
     * Reads what {@link #of} wrote.
     *
     * @param file where it was found
     * @throws InvalidInputException if it is something else
     */
    public static ClusterPlan read(String text, String file) {
        try {
            return MAPPER.readValue(text, ClusterPlan.class);
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("Cannot read " + file + ": it holds no plan; run plan again", e);
        }
    }

    /** The same as a part of something else. */
    public static JsonNode node(ClusterPlan plan) {
        return MAPPER.valueToTree(plan);
    }

    /** The text, ending with a line feed. */
    public static String of(ClusterPlan plan) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(plan) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
