package org.noprop.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
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
    private static final String SHAPE = "shape";
    private static final String OFFSETS = "data_offsets";
    private static final String METADATA = "__metadata__";
    private static final String CHECKSUM = "sha256";
    private static final int KEYS = 3;
    private static final int ALIGNMENT = 8;
    /** As in the format's own implementation. */
    private static final int LONGEST_HEADER = 100_000_000;

    private Safetensors() {}

    /**
     * The bytes of a file that holds these tensors.
     *
     * @throws ArithmeticException if they need 2 GiB or more
     */
    public static byte[] encode(SortedMap<String, Tensor> tensors) {
        return encode(MAPPER.createObjectNode(), tensors);
    }

    /** The same with a checksum of all tensors in the header, for a file that nothing else vouches for. */
    static byte[] encodeChecked(SortedMap<String, Tensor> tensors) {
        ObjectNode header = MAPPER.createObjectNode();
        header.putObject(METADATA).put(CHECKSUM, Checksums.sha256(encode(tensors)));
        return encode(header, tensors);
    }

    private static byte[] encode(ObjectNode header, SortedMap<String, Tensor> tensors) {
        long end = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long start = end;
            end += (long) entry.getValue().values().length * Float.BYTES;
            ObjectNode place = header.putObject(entry.getKey()).put("dtype", TYPE);
            var shape = place.putArray(SHAPE);
            for (long dimension : entry.getValue().shape()) {
                shape.add(dimension);
            }
            place.putArray(OFFSETS).add(start).add(end);
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
     * @throws DamagedFileException if it is not a whole safetensors file of float32 tensors that lie side by side, or does
     *     not match the checksum in its header
     */
    public static SortedMap<String, Tensor> decode(byte[] bytes, String file) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        ObjectNode header = header(buffer, file);
        String checksum = header.path(METADATA).path(CHECKSUM).asText();
        header.remove(METADATA);
        ByteBuffer data = buffer.slice();
        SortedMap<String, Place> places = new TreeMap<>();
        header.fields().forEachRemaining(field -> {
            JsonNode json = field.getValue();
            String type = json.path("dtype").asText();
            if (!type.equals(TYPE)) {
                throw damaged(file, "tensor " + field.getKey() + " is of type " + type + ", not " + TYPE);
            }
            places.put(
                    field.getKey(),
                    Place.of(json)
                            .filter(place -> place.end <= data.capacity())
                            .orElseThrow(() -> damaged(
                                    file,
                                    "tensor " + field.getKey()
                                            + " does not lie where its header says (truncated file?)")));
        });
        requireSideBySide(places, data.capacity(), file);
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        places.forEach((name, place) -> tensors.put(name, place.read(data)));
        if (!checksum.isEmpty() && !checksum.equals(Checksums.sha256(encode(tensors)))) {
            throw damaged(file, "it does not match the checksum in its header");
        }
        return tensors;
    }

    /**
     * The same of values that are used as they are.
     *
     * @throws DamagedFileException as {@link #decode}, or if a value is infinite or no number
     */
    static SortedMap<String, Tensor> decodeFinite(byte[] bytes, String file) {
        SortedMap<String, Tensor> tensors = decode(bytes, file);
        tensors.forEach((name, tensor) -> {
            for (float value : tensor.values()) {
                if (!Float.isFinite(value)) {
                    throw damaged(file, "tensor " + name + " holds " + value + " where finite numbers belong");
                }
            }
        });
        return tensors;
    }

    private static ObjectNode header(ByteBuffer buffer, String file) {
        if (buffer.capacity() < Long.BYTES) {
            throw damaged(file, buffer.capacity() + " bytes are too few for a safetensors file");
        }
        long length = buffer.getLong();
        if (length < 2 || length > Math.min(LONGEST_HEADER, buffer.remaining())) {
            throw damaged(file, "a header of " + length + " bytes in a file of " + buffer.capacity());
        }
        ByteBuffer header = buffer.slice(buffer.position(), (int) length);
        buffer.position(buffer.position() + (int) length);
        try {
            return Json.object(
                    StandardCharsets.UTF_8.newDecoder().decode(header).toString(), file);
        } catch (CharacterCodingException e) {
            throw new DamagedFileException("Cannot read " + file + ": its header is not UTF-8", e);
        }
    }

    /** Tensors fill the data, without a gap between them or two on one place. */
    private static void requireSideBySide(SortedMap<String, Place> places, long bytes, String file) {
        long end = 0;
        for (Place place : places.values().stream().sorted().toList()) {
            if (place.start != end) {
                throw damaged(file, "its header has tensors that overlap or leave a gap at byte " + end);
            }
            end = place.end;
        }
        if (end != bytes) {
            throw damaged(file, bytes + " bytes of values where the header promises " + end);
        }
    }

    private static DamagedFileException damaged(String file, String what) {
        return new DamagedFileException("Cannot read " + file + ": " + what, null);
    }

    /**
     * Where a tensor lies.
     *
     * @param start of its bytes in the data
     * @param end of its bytes in the data
     */
    private record Place(long[] shape, long start, long end) implements Comparable<Place> {
        /** What the header says, unless it contradicts itself. */
        static Optional<Place> of(JsonNode json) {
            JsonNode offsets = json.path(OFFSETS);
            if (json.size() != KEYS || !isSizes(json.path(SHAPE)) || !isSizes(offsets) || offsets.size() != 2) {
                return Optional.empty();
            }
            long[] shape = new long[json.path(SHAPE).size()];
            Arrays.setAll(shape, i -> json.path(SHAPE).get(i).longValue());
            Place place =
                    new Place(shape, offsets.get(0).longValue(), offsets.get(1).longValue());
            try {
                long bytes = Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact);
                return place.end - place.start == bytes ? Optional.of(place) : Optional.empty();
            } catch (ArithmeticException e) {
                return Optional.empty();
            }
        }

        private static boolean isSizes(JsonNode array) {
            boolean sizes = array.isArray();
            for (JsonNode size : array) {
                sizes &= size.isIntegralNumber() && size.canConvertToLong() && size.longValue() >= 0;
            }
            return sizes;
        }

        Tensor read(ByteBuffer data) {
            float[] values = new float[(int) ((end - start) / Float.BYTES)];
            data.slice((int) start, (int) (end - start))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            return new Tensor(shape, values);
        }

        @Override
        public int compareTo(Place other) {
            return start == other.start ? Long.compare(end, other.end) : Long.compare(start, other.start);
        }
    }
}
