package org.noprop.data;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Records as JSON, instants as ISO-8601 text. What is written ends in {@code checksum}, the SHA-256 of the rest without
 * white space; what is read has exactly the keys and types of its record and, unless it was written before there was a
 * checksum, matches it.
 */
public final class Json {
    private static final String CHECKSUM = "checksum";
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantReader()))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private Json() {}

    /** The record with its checksum, indented, ending in a newline. */
    public static String write(Object value) {
        try {
            ObjectNode json = (ObjectNode) MAPPER.readTree(MAPPER.writeValueAsString(value));
            return MAPPER.writeValueAsString(json.put(CHECKSUM, checksum(json))) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text in double quotes, on one line, as JSON and YAML read it. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(letter -> {
            int type = Character.getType(letter);
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').appendCodePoint(letter);
            } else if (type == Character.CONTROL
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", letter));
            } else {
                quoted.appendCodePoint(letter);
            }
        });
        return quoted.append('"').toString();
    }

    /** The record as one line without a checksum. */
    public static String line(Object value) {
        try {
            return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The record in {@code text}.
     *
     * @param file where it was found, for messages
     * @param optional pointers to keys that may be absent, whose components are null then: {@code "/rows/test"}
     * @throws DamagedFileException if it is not one, naming the file, the key and what is wrong with it
     */
    public static <T> T read(String text, Class<T> type, String file, String... optional) {
        ObjectNode json = object(text, file);
        JsonNode expected = json.remove(CHECKSUM);
        if (expected != null && !expected.asText().equals(checksum(json))) {
            throw new DamagedFileException(
                    "Cannot read " + file + ": its content does not match the " + CHECKSUM
                            + " in it, so it was damaged or edited (whoever edited it on purpose removes that key)",
                    null);
        }
        requireValues(json, file);
        for (String key : optional) {
            JsonPointer pointer = JsonPointer.compile(key);
            if (json.at(pointer.head()) instanceof ObjectNode parent
                    && !parent.has(pointer.last().getMatchingProperty())) {
                parent.putNull(pointer.last().getMatchingProperty());
            }
        }
        try {
            return MAPPER.treeToValue(json, type);
        } catch (JacksonException e) {
            throw unreadable(file, reason(e), e);
        }
    }

    /**
     * The object in {@code text}.
     *
     * @param file where it was found, for messages
     * @throws DamagedFileException if it is none
     */
    public static ObjectNode object(String text, String file) {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode json) {
                return json;
            }
        } catch (JacksonException e) {
            throw unreadable(file, reason(e), e);
        }
        throw unreadable(file, "there is no JSON object", null);
    }

    /** No record of ours has a value that is null. */
    private static void requireValues(JsonNode node, String file) {
        for (JsonNode child : node) {
            if (child.isNull()) {
                throw unreadable(file, "null where a value belongs in " + line(node), null);
            }
            requireValues(child, file);
        }
    }

    private static DamagedFileException unreadable(String file, String reason, JacksonException cause) {
        return new DamagedFileException(
                "Cannot read " + file + ": it is damaged or of another version (" + reason + ")", cause);
    }

    /** Of the content, however it is indented. */
    private static String checksum(ObjectNode json) {
        return Checksums.sha256(line(json).getBytes(StandardCharsets.UTF_8));
    }

    /** The key, and what Jackson has against it. */
    private static String reason(JacksonException e) {
        if (!(e instanceof JsonMappingException mapping)) {
            return e.getOriginalMessage();
        }
        String key = mapping.getPath().stream()
                .map(place -> place.getFieldName() == null ? "[" + place.getIndex() + "]" : "." + place.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
        if (e instanceof UnrecognizedPropertyException) {
            return "unknown key " + key;
        }
        if (e instanceof ValueInstantiationException && e.getCause() instanceof RuntimeException cause) {
            return (key.isEmpty() ? "" : key + ": ") + cause.getMessage();
        }
        String message = e.getOriginalMessage().split(";|\n", 2)[0].replaceAll("`[\\w.]*[.$](\\w+)`", "$1");
        return message.startsWith("Missing") ? "missing key " + key : (key.isEmpty() ? "" : key + ": ") + message;
    }

    private static final class InstantReader extends StdDeserializer<Instant> {
        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                return Instant.parse(parser.getText());
            } catch (DateTimeException e) {
                throw context.weirdStringException(parser.getText(), Instant.class, "no instant");
            }
        }
    }
}
