package org.noprop.evaluation;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import org.noprop.data.InvalidInputException;

/**
 * Memory figures as JSON, bytes everywhere:
 *
 * <pre>
 * {"batch-size": n, "steps": n, "pairs": [PAIR, …], "variants": [{"name": "…", "blocks": T, "memory": SUBJECT}, …],
 *  "batches": [{"batch-size": n, "pair": PAIR}, …]}
 * PAIR = {"blocks": T, "block": SUBJECT, "baseline": SUBJECT, "ratio": x}
 * SUBJECT = {"native-bytes": n, "heap-bytes": n, "device-bytes": n, "data-bytes": n, "accounted": {"weights": n, …},
 *            "runs": [n, …], "deviation": x, "accounted-share": x}   means over processes; runs: each, all together
 * </pre>
 */
public final class MemoryJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .build();

    private MemoryJson() {}

    /** One subject, on one line. */
    public static String line(SubjectMemory memory) {
        return text(memory, false);
    }

    /** A comparison, indented. */
    public static String text(MemoryComparison comparison) {
        return text(comparison, true) + "\n";
    }

    /**
     * Reads what {@link #line} wrote.
     *
     * @param file where it was found
     * @throws InvalidInputException if it is something else
     */
    public static SubjectMemory readSubject(String text, String file) {
        return read(text, SubjectMemory.class, file);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @param file where it was found
     * @throws InvalidInputException if it is something else
     */
    public static MemoryComparison read(String text, String file) {
        return read(text, MemoryComparison.class, file);
    }

    static JsonNode node(MemoryComparison comparison) {
        return MAPPER.valueToTree(comparison);
    }

    private static String text(Object value, boolean indented) {
        try {
            return indented
                    ? MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value)
                    : MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(String text, Class<T> type, String file) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    "Cannot read " + file + ": it holds no memory figures; run measure again", e);
        }
    }
}
