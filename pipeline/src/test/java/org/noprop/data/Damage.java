package org.noprop.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A file, damaged by its seed. */
record Damage(int seed, String what, byte[] bytes) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String[] NUMBERS = {"0", "-1", "1e308", "9223372036854775807", "2147483647", "0.5", "1e999"};

    static Damage of(byte[] whole, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int at = random.nextInt(whole.length);
        int length = 1 + random.nextInt(Math.min(64, whole.length - at));
        byte[] slice = Arrays.copyOfRange(whole, at, at + length);
        int kind = random.nextInt(whole[0] == '{' ? 10 : 5);
        return switch (kind) {
            case 0 -> new Damage(seed, "a bit of byte " + at, flipped(whole, at, 1 << random.nextInt(8)));
            case 1 -> new Damage(seed, "cut at " + at, Arrays.copyOf(whole, at));
            case 2 -> {
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                yield new Damage(seed, length + " bytes inserted at " + at, inserted(whole, at, noise));
            }
            case 3 -> new Damage(seed, length + " bytes at " + at + " twice", inserted(whole, at, slice));
            case 4 -> {
                byte[] zeros = whole.clone();
                Arrays.fill(zeros, at, at + length, (byte) 0);
                yield new Damage(seed, length + " bytes at " + at + " zero", zeros);
            }
            default -> json(whole, seed, random);
        };
    }

    private static byte[] flipped(byte[] whole, int at, int bit) {
        byte[] bytes = whole.clone();
        bytes[at] ^= (byte) bit;
        return bytes;
    }

    private static byte[] inserted(byte[] whole, int at, byte[] more) {
        return ByteBuffer.allocate(whole.length + more.length)
                .put(whole, 0, at)
                .put(more)
                .put(whole, at, whole.length - at)
                .array();
    }

    /** A key or an element deleted, or with another value. */
    private static Damage json(byte[] whole, int seed, SplittableRandom random) {
        String text = new String(whole, StandardCharsets.UTF_8);
        int end = text.indexOf("}\n{");
        String rest = end < 0 ? "" : text.substring(end + 2);
        try {
            JsonNode root = MAPPER.readTree(end < 0 ? text : text.substring(0, end + 1));
            JsonNode node = root;
            while (random.nextInt(3) > 0) {
                List<JsonNode> inner = new ArrayList<>();
                node.forEach(child -> {
                    if (child.isContainerNode() && !child.isEmpty()) {
                        inner.add(child);
                    }
                });
                if (inner.isEmpty()) {
                    break;
                }
                node = inner.get(random.nextInt(inner.size()));
            }
            JsonNode other =
                    switch (random.nextInt(6)) {
                        case 0 -> null;
                        case 1 -> MAPPER.nullNode();
                        case 2 -> MAPPER.getNodeFactory().textNode("another");
                        case 3 -> MAPPER.readTree("[".repeat(5000) + "]".repeat(5000));
                        default -> MAPPER.readTree(NUMBERS[random.nextInt(NUMBERS.length)]);
                    };
            String what = changed(node, other, random);
            return new Damage(seed, what, (root + rest).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new Damage(seed, "nesting", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String changed(JsonNode node, JsonNode other, SplittableRandom random) {
        int place = random.nextInt(node.size());
        if (node instanceof ArrayNode array) {
            if (other == null) {
                array.remove(place);
            } else {
                array.set(place, other);
            }
            return "element " + place + " is " + other;
        }
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        String key = keys.get(place);
        if (other == null) {
            ((ObjectNode) node).remove(key);
        } else {
            ((ObjectNode) node).set(key, other);
        }
        return key + " is " + other;
    }

    @Override
    public String toString() {
        return "seed " + seed + " (" + what + ")";
    }
}
