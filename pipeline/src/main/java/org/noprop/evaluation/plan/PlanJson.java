package org.noprop.evaluation.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;

/**
 * A plan as JSON: the records of this package under their components' names in kebab-case, {@code {"work": {…},
 * "times": {…}, "cluster": {…}, "points": [{"executors": n, "noprop": x, "data-parallel": x}, …]}}, seconds and bytes.
 */
public final class PlanJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .build();

    private PlanJson() {}

    /** The text, ending with a line feed. */
    public static String of(ClusterPlan plan) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(plan) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
