package org.noprop.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import org.noprop.data.InvalidInputException;

/**
 * What measure, plan and evaluate write: records as JSON, under the names of their components in kebab-case. What is null
 * is left out; keys that a record does not know are refused.
 */
public final class FigureJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private FigureJson() {}

    /** A record, indented, ending with a line feed. */
    public static String text(Record figures) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A record, on one line. */
    public static String line(Record figures) {
        try {
            return MAPPER.writeValueAsString(figures);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads what {@link #text} or {@link #line} wrote.
     *
     * @param file where it was found
     * @param otherwise what the file is if it is something else, and what to do
     * @throws InvalidInputException if it is something else
     */
    public static <T extends Record> T read(String text, Class<T> type, String file, String otherwise) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JacksonException e) {
            throw new InvalidInputException("Cannot read " + file + ": " + otherwise, e);
        }
    }
}
