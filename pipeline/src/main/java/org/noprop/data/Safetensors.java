package org.noprop.data;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.tensor.Tensor;

/**
 * The safetensors format (github.com/huggingface/safetensors): eight bytes with the header's length, a JSON
 * header that gives type, shape and place of every tensor, the values; all little-endian. Only float32 is
 * written and read; tensors lie in the order of their names, and the header is padded with spaces so that
 * values start at a multiple of eight bytes. Equal tensors give equal bytes.
 */
public final class Safetensors {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String TYPE = "F32";
    private static final int ALIGNMENT = 8;

    private Safetensors() {}

    /**
     * The bytes of a file that holds these tensors.
     *
     * @throws ArithmeticException if they need 2 GiB or more
     */
    public static byte[] encode(SortedMap<String, Tensor> tensors) {
        ObjectNode header = MAPPER.createObjectNode();
        long end = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long start = end;
            end += (long) entry.getValue().values().length * Float.BYTES;
            ObjectNode place = header.putObject(entry.getKey()).put("dtype", TYPE);
            var shape = place.putArray("shape");
            for (long dimension : entry.getValue().shape()) {
                shape.add(dimension);
            }
            place.putArray("data_offsets").add(start).add(end);
        }
        byte[] json = padded(header.toString()).getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Math.toIntExact(Long.BYTES + json.length + end))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        for (Tensor tensor : tensors.values()) {
            file.asFloatBuffer().put(tensor.values());
            file.position(file.position() + tensor.values().length * Float.BYTES);
        }
        return file.array();
    }

    private static String padded(String json) {
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return json + " ".repeat((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT);
    }

    /**
     * The tensors in a file's bytes, by name.
     *
     * @param bytes the whole file
     * @param file how messages name it
     * @throws InvalidInputException if it is not a whole safetensors file of float32 tensors
     */
    public static SortedMap<String, Tensor> decode(byte[] bytes, String file) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        JsonNode header = header(buffer, file);
        ByteBuffer data = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        long covered = 0;
        for (Iterator<Map.Entry<String, JsonNode>> fields = header.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (!field.getKey().equals("__metadata__")) {
                Tensor tensor = tensor(data, field.getKey(), field.getValue(), file);
                tensors.put(field.getKey(), tensor);
                covered += (long) tensor.values().length * Float.BYTES;
            }
        }
        if (covered != data.capacity()) {
            throw InvalidInputException.cannotRead(
                    file, data.capacity() + " bytes of values where the header promises " + covered);
        }
        return tensors;
    }

    private static JsonNode header(ByteBuffer buffer, String file) {
        if (buffer.capacity() < Long.BYTES) {
            throw InvalidInputException.cannotRead(
                    file, buffer.capacity() + " bytes are too few for a safetensors file");
        }
        long length = buffer.getLong();
        if (length < 2 || length > buffer.remaining()) {
            throw InvalidInputException.cannotRead(
                    file, "a header of " + length + " bytes in a file of " + buffer.capacity());
        }
        byte[] json = new byte[(int) length];
        buffer.get(json);
        try {
            JsonNode header = MAPPER.readTree(json);
            if (header.isObject()) {
                return header;
            }
        } catch (JacksonException e) {
            throw new InvalidInputException("Cannot read " + file + ": its header is not JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw InvalidInputException.cannotRead(file, "its header is not a JSON object");
    }

    private static Tensor tensor(ByteBuffer data, String name, JsonNode place, String file) {
        if (!place.path("dtype").asText().equals(TYPE)) {
            throw InvalidInputException.cannotRead(
                    file,
                    "tensor " + name + " is of type " + place.path("dtype").asText() + ", not " + TYPE);
        }
        long[] shape = longs(place.path("shape"));
        long[] offsets = longs(place.path("data_offsets"));
        long elements = 1;
        for (long dimension : shape) {
            elements = dimension < 0 ? -1 : elements * dimension;
        }
        if (offsets.length != 2
                || offsets[0] < 0
                || offsets[1] > data.capacity()
                || offsets[1] - offsets[0] != elements * Float.BYTES) {
            throw InvalidInputException.cannotRead(
                    file, "tensor " + name + " does not lie where its header says (truncated file?)");
        }
        float[] values = new float[(int) elements];
        data.duplicate()
                .order(ByteOrder.LITTLE_ENDIAN)
                .position((int) offsets[0])
                .asFloatBuffer()
                .get(values);
        return new Tensor(shape, values);
    }

    private static long[] longs(JsonNode array) {
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asLong(-1);
        }
        return values;
    }
}
