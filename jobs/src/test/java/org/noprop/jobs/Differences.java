package org.noprop.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * What differs between two folders that jobs wrote (runs, embeddings, predictions), bit for bit, whatever differs from one
 * run to the next left out: times, memory and ids.
 *
 * <p>Compared are the tensors of safetensors files, the rows of Parquet folders in any order, and the values of
 * {@code metrics.jsonl}, {@code metrics.json}, {@code model.json} and {@code embeddings.json}. Other files are records of times and
 * machines, or say for people what those hold.
 */
final class Differences {
    /**
     * Keys that say when, how fast, in how much memory or under which name something was made; and "bytes" of a shuffle,
     * which compresses such times, too, and the "checksum" of a JSON file with all of these in it.
     */
    private static final Set<String> LEFT_OUT =
            Set.of("seconds", "training-seconds", "training-memory", "learning", "memory", "bytes", "run", "checksum");

    /**
     * Keys and tensors that newer or older versions have alone, as files came to hold more or less: whoever changes
     * what they hold lists it here. Where both have one it is compared.
     */
    private static final Set<String> OF_ONE_VERSION = Set.of("label-embedding", "label-embedding.shape", "checksums");

    private static final Set<String> FIGURES = Set.of("metrics.json", "model.json", "embeddings.json");

    /** What paths of the two sides begin with, each in a folder of its own. */
    private static final Pattern SIDE = Pattern.compile("file:\\S*?/(old|new)/");

    /** Characters of a value that is told. */
    private static final int LONGEST = 60;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What is compared, a column of the table each. */
    private enum Kind {
        WEIGHTS,
        LOSSES,
        FIGURES,
        ROWS
    }

    private final SparkSession session;
    private final Map<Kind, Integer> compared = new EnumMap<>(Kind.class);
    private final List<String> found = new ArrayList<>();

    private Differences(SparkSession session) {
        this.session = session;
    }

    /** Takes a name and two folders, again and again; prints a table, and ends with 1 if anything differs. */
    public static void main(String[] arguments) throws IOException {
        boolean equal = true;
        try (SparkSession session = Sessions.open("differences")) {
            System.out.println("| what | weights | losses | figures | rows | result |\n|---|---|---|---|---|---|");
            for (int i = 0; i < arguments.length; i += 3) {
                Differences differences = between(session, Path.of(arguments[i + 1]), Path.of(arguments[i + 2]));
                System.out.println("| " + arguments[i] + " | " + differences.row() + " |");
                equal &= differences.found().isEmpty();
            }
        }
        System.exit(equal ? 0 : 1);
    }

    /** Compares two folders. */
    static Differences between(SparkSession session, Path one, Path other) throws IOException {
        Differences differences = new Differences(session);
        SortedMap<String, Kind> all = contents(one);
        all.putAll(contents(other));
        for (Map.Entry<String, Kind> entry : all.entrySet()) {
            differences.compared.merge(entry.getValue(), 1, Integer::sum);
            differences.compare(entry.getValue(), entry.getKey(), one, other);
        }
        if (all.isEmpty()) {
            differences.found.add("nothing to compare in " + one + " and " + other);
        }
        return differences;
    }

    /** The first difference of each file that differs, after its name; empty if all is equal. */
    List<String> found() {
        return List.copyOf(found);
    }

    private String row() {
        String counts = Arrays.stream(Kind.values())
                .map(kind -> String.valueOf(compared.getOrDefault(kind, 0)))
                .collect(Collectors.joining(" | "));
        return counts + " | " + (found.isEmpty() ? "equal" : "different: " + String.join("; ", found));
    }

    /** What is compared of a folder, by its name therein; of Parquet, the folder of the files. */
    private static SortedMap<String, Kind> contents(Path folder) throws IOException {
        SortedMap<String, Kind> contents = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return contents;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String name = path.getFileName().toString();
                if (name.endsWith(".parquet")) {
                    contents.put(folder.relativize(path.getParent()).toString(), Kind.ROWS);
                } else if (name.endsWith(".safetensors")) {
                    contents.put(folder.relativize(path).toString(), Kind.WEIGHTS);
                } else if (name.equals("metrics.jsonl")) {
                    contents.put(folder.relativize(path).toString(), Kind.LOSSES);
                } else if (FIGURES.contains(name)) {
                    contents.put(folder.relativize(path).toString(), Kind.FIGURES);
                }
            }
        }
        return contents;
    }

    private void compare(Kind kind, String name, Path oneFolder, Path otherFolder) throws IOException {
        Path one = oneFolder.resolve(name);
        Path other = otherFolder.resolve(name);
        Optional<String> difference;
        if (!Files.exists(one) || !Files.exists(other)) {
            difference = Optional.of("only in " + (Files.exists(one) ? oneFolder : otherFolder));
        } else {
            difference = switch (kind) {
                case WEIGHTS -> firstOf(tensors(one), tensors(other));
                case LOSSES -> firstOf(losses(one), losses(other));
                case FIGURES -> firstOf(figures(one), figures(other));
                case ROWS -> firstOf(rows(one), rows(other));
            };
        }
        difference.ifPresent(text -> found.add((name.isEmpty() ? "rows" : name) + ": " + text));
    }

    /** The first key whose values differ, with both. */
    private static Optional<String> firstOf(SortedMap<String, ?> one, SortedMap<String, ?> other) {
        Set<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(one.get(key), other.get(key)))
                .filter(key -> (one.containsKey(key) && other.containsKey(key)) || !isOfOneVersion(key))
                .findFirst()
                .map(key -> key + difference(one.get(key), other.get(key)));
    }

    private static boolean isOfOneVersion(String key) {
        return Arrays.stream(key.split("/", -1)).anyMatch(OF_ONE_VERSION::contains);
    }

    private static String difference(Object one, Object other) {
        if (one instanceof ByteBuffer values && other instanceof ByteBuffer others) {
            int at = values.mismatch(others) / Float.BYTES;
            return "[" + at + "] is " + value(values, at) + " and " + value(others, at);
        }
        return " is " + shortened(one) + " and " + shortened(other);
    }

    private static String value(ByteBuffer values, int at) {
        int place = at * Float.BYTES;
        return place < values.limit()
                ? String.valueOf(values.order(ByteOrder.LITTLE_ENDIAN).getFloat(place))
                : "not there";
    }

    private static String shortened(Object value) {
        String text = String.valueOf(value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** Shape and bits of each tensor; what a header says beside is not compared. */
    private static SortedMap<String, Object> tensors(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(header);
        ByteBuffer values = bytes.slice();
        SortedMap<String, Object> tensors = new TreeMap<>();
        MAPPER.readTree(header).fields().forEachRemaining(entry -> {
            JsonNode place = entry.getValue().path("data_offsets");
            if (place.isArray()) {
                int start = place.get(0).asInt();
                tensors.put(entry.getKey() + ".shape", entry.getValue().get("shape"));
                tensors.put(entry.getKey(), values.slice(start, place.get(1).asInt() - start));
            }
        });
        return tensors;
    }

    private static SortedMap<String, String> losses(Path file) throws IOException {
        SortedMap<String, String> losses = new TreeMap<>();
        int epoch = 0;
        for (String line : Files.readAllLines(file)) {
            put(losses, "line " + ++epoch, MAPPER.readTree(line));
        }
        return losses;
    }

    private static SortedMap<String, String> figures(Path file) throws IOException {
        SortedMap<String, String> figures = new TreeMap<>();
        put(figures, "", MAPPER.readTree(file.toFile()));
        return figures;
    }

    /** The leaves of a tree by their paths. */
    private static void put(SortedMap<String, String> leaves, String path, JsonNode node) {
        if (node.isValueNode()) {
            leaves.put(path, node.toString());
        }
        node.fields().forEachRemaining(entry -> {
            if (!LEFT_OUT.contains(entry.getKey())) {
                put(leaves, path + "/" + entry.getKey(), entry.getValue());
            }
        });
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            put(leaves, path + "/" + i, node.get(i));
        }
    }

    /** Each row as text, in which floats are told apart by their bits, under its place among the sorted. */
    private SortedMap<String, String> rows(Path folder) {
        List<String> sorted = session.read().parquet(folder.toString()).collectAsList().stream()
                .map(Differences::text)
                .sorted()
                .toList();
        SortedMap<String, String> rows = new TreeMap<>();
        for (int i = 0; i < sorted.size(); i++) {
            rows.put(String.format(Locale.ROOT, "row %06d", i), sorted.get(i));
        }
        return rows;
    }

    private static String text(Object value) {
        if (value instanceof Row row) {
            return Arrays.stream(row.schema().fieldNames())
                    .map(name -> name + "=" + text(row.get(row.fieldIndex(name))))
                    .collect(Collectors.joining(" ", "{", "}"));
        }
        if (value instanceof Seq<?> values) {
            return JavaConverters.seqAsJavaList(values).stream()
                    .map(Differences::text)
                    .collect(Collectors.joining(" ", "[", "]"));
        }
        return value instanceof byte[] bytes
                ? HexFormat.of().formatHex(bytes)
                : SIDE.matcher(String.valueOf(value)).replaceFirst("");
    }
}
