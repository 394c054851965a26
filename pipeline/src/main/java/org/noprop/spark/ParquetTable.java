package org.noprop.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.noprop.data.InvalidInputException;
import org.noprop.data.ParquetFooter;

/**
 * A user's Parquet files as one table. Their footers say what columns there are, so that Spark reads those that are asked
 * for and never meets the others, which it may not know how to read. Folders {@code name=value} are columns too.
 */
final class ParquetTable {
    /** Says which row of which file a row is, for messages. */
    static final String PLACE = "noprop_place";

    /** Where Spark says which row of which file a row is. */
    private static final String SPARKS_OWN = "_metadata";

    private static final String NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

    private final SparkSession session;
    private final String path;
    private final FileList files;
    /** In the order of the files, with what is known of each. */
    private final Map<String, ParquetColumn> columns;

    private final List<StructField> partitions;

    private ParquetTable(
            SparkSession session,
            String path,
            FileList files,
            Map<String, ParquetColumn> columns,
            List<StructField> partitions) {
        this.session = session;
        this.path = path;
        this.files = files;
        this.columns = columns;
        this.partitions = partitions;
    }

    /**
     * The table of some files.
     *
     * @param path where they are from, for messages
     * @throws InvalidInputException if one is no Parquet file, or is damaged, or folders {@code name=value} are not the same
     *     all over
     */
    static ParquetTable of(SparkSession session, FileList files, String path) {
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        ParquetToSparkSchemaConverter converter =
                new ParquetToSparkSchemaConverter(session.sessionState().conf());
        List<Map<String, ParquetColumn>> all = IntStream.range(0, files.size())
                .parallel()
                .mapToObj(file ->
                        ParquetColumn.of(ParquetFooter.read(hadoop, files.path(file)), files.name(file), converter))
                .toList();
        Map<String, ParquetColumn> columns = new LinkedHashMap<>();
        Map<String, ParquetColumn> others = new LinkedHashMap<>();
        for (Map<String, ParquetColumn> own : all) {
            own.forEach((name, found) -> {
                ParquetColumn first = columns.putIfAbsent(name, found);
                if (first != null && !first.sameType(found)) {
                    others.putIfAbsent(name, found);
                }
            });
        }
        others.forEach((name, other) -> columns.computeIfPresent(
                name,
                (same, first) -> ParquetColumn.unreadable(
                        first.type() + " in " + first.file() + " and " + other.type() + " in " + other.file(),
                        "write it with one type in all files",
                        first.file())));
        List<StructField> partitions = partitions(files, path);
        for (StructField partition : partitions) {
            columns.keySet().stream()
                    .filter(partition.name()::equalsIgnoreCase)
                    .findFirst()
                    .ifPresent(name -> {
                        throw new InvalidInputException("There are folders " + partition.name() + "=… in " + path
                                + ", and a column " + name + " in the files there; rename either");
                    });
        }
        return new ParquetTable(session, path, files, columns, partitions);
    }

    /**
     * The name of a column as the files have it: the name itself, or the only one that differs from it in case.
     *
     * @throws InvalidInputException if several differ in case alone, which Spark cannot tell apart
     */
    Optional<String> find(String name) {
        List<String> alike = names().stream().filter(name::equalsIgnoreCase).toList();
        if (alike.size() > 1) {
            throw new InvalidInputException("The columns " + String.join(" and ", alike) + " in " + path
                    + " differ in upper and lower case alone, which Spark cannot tell apart; rename one");
        }
        return alike.stream().findFirst();
    }

    /**
     * Spark's type of a column that there is.
     *
     * @throws InvalidInputException if Spark cannot read it
     */
    DataType type(String name) {
        return field(name).dataType();
    }

    /** All names, those of folders last. */
    List<String> names() {
        List<String> names = new ArrayList<>(columns.keySet());
        partitions.forEach(partition -> names.add(partition.name()));
        return names;
    }

    /** Names of the columns that Spark cannot read, or of which it cannot read one beside another, with the reason. */
    Map<String, String> unreadable() {
        Map<String, String> unreadable = new TreeMap<>();
        columns.forEach((name, found) -> {
            if (found.field() == null) {
                unreadable.put(name, found.unreadable());
            } else if (name.equalsIgnoreCase(SPARKS_OWN)) {
                unreadable.put(name, "Spark has a column of its own of this name");
            } else if (names().stream().filter(name::equalsIgnoreCase).count() > 1) {
                unreadable.put(name, "differs from another in upper and lower case alone");
            }
        });
        return unreadable;
    }

    /**
     * The rows, with these columns in this order and {@value #PLACE}, {@code row 5 of part-0.parquet}, counted from 0.
     *
     * @throws InvalidInputException if Spark cannot read one
     */
    Dataset<Row> read(Collection<String> names) {
        List<StructField> fields = names.stream().map(this::field).toList();
        Map<String, List<String>> byBase = new LinkedHashMap<>();
        for (int file = 0; file < files.size(); file++) {
            byBase.computeIfAbsent(base(files.folder(file)), base -> new ArrayList<>())
                    .add(files.path(file));
        }
        Column place = functions.concat(
                functions.lit("row "),
                functions.col(SPARKS_OWN + ".row_index"),
                functions.lit(" of "),
                functions.col(SPARKS_OWN + ".file_name"));
        Column[] wanted = Stream.concat(
                        fields.stream()
                                .map(field ->
                                        functions.col(quoted(field.name())).as(field.name(), field.metadata())),
                        Stream.of(functions.col(PLACE)))
                .toArray(Column[]::new);
        return byBase.entrySet().stream()
                .map(own -> session.read()
                        .schema(schema(fields))
                        .option("__globPaths__", "false")
                        .option("basePath", own.getKey())
                        .parquet(own.getValue().toArray(String[]::new))
                        .withColumn(PLACE, place))
                .map(rows -> rows.select(wanted))
                .reduce(Dataset::union)
                .orElseThrow();
    }

    /** Spark wants the columns of all folders, or takes the rest for a folder of another structure. */
    private StructType schema(List<StructField> fields) {
        List<StructField> all = new ArrayList<>(fields);
        partitions.stream().filter(partition -> !all.contains(partition)).forEach(all::add);
        return new StructType(all.toArray(StructField[]::new));
    }

    /** What Spark SQL calls a column, whatever characters are in its name. */
    static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** A column of a table, whatever characters are in its name. */
    static Column column(Dataset<Row> table, String name) {
        return table.col(quoted(name));
    }

    /** The names of the classes of a column, by label, as Hugging Face's metadata say them; each that there is in a file once. */
    List<List<String>> classNames(String column) {
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        return files.paths().parallelStream()
                .map(file -> ParquetFooter.read(hadoop, file).classNames(column))
                .filter(names -> !names.isEmpty())
                .distinct()
                .toList();
    }

    private StructField field(String name) {
        Optional<StructField> partition =
                partitions.stream().filter(one -> one.name().equals(name)).findFirst();
        if (partition.isPresent()) {
            return partition.get();
        }
        ParquetColumn found = columns.get(name);
        if (found.field() == null) {
            throw new InvalidInputException("Spark cannot read the column " + name + " of " + found.file() + " in "
                    + path + ", which is " + found.unreadable() + "; " + found.advice());
        }
        return found.field();
    }

    /** The part of a folder's path that is above the first {@code name=value}, in full. */
    private String base(String folder) {
        List<String> above = Arrays.stream(folder.split("/"))
                .takeWhile(step -> !step.contains("="))
                .toList();
        return String.join("/", files.base(), String.join("/", above)).replaceFirst("/$", "");
    }

    /** The columns that folders are, of text, or of whole numbers where all are, which 01 is not: it is another name than 1. */
    private static List<StructField> partitions(FileList files, String path) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        List<String> names = null;
        for (String folder : files.folders()) {
            Map<String, String> own = partition(folder, path);
            if (names != null && !names.equals(List.copyOf(own.keySet()))) {
                throw new InvalidInputException(
                        "Not all Parquet files in " + path + " lie in folders of the same columns: " + shown(names)
                                + " and " + shown(own.keySet()) + "; let all lie in such folders, or none");
            }
            names = List.copyOf(own.keySet());
            own.forEach((name, value) ->
                    values.computeIfAbsent(name, same -> new ArrayList<>()).add(value));
        }
        return values.entrySet().stream()
                .map(entry -> new StructField(
                        entry.getKey(),
                        entry.getValue().stream()
                                        .allMatch(
                                                value -> value.equals(NO_VALUE) || value.matches("0|-?[1-9]\\d{0,17}"))
                                ? DataTypes.LongType
                                : DataTypes.StringType,
                        true,
                        org.apache.spark.sql.types.Metadata.empty()))
                .toList();
    }

    private static String shown(Collection<String> names) {
        return names.isEmpty()
                ? "none"
                : names.stream().map(name -> name + "=…").collect(Collectors.joining("/"));
    }

    /** The names and values in a folder's path, which stand one behind the other. */
    static Map<String, String> partition(String folder, String path) {
        Map<String, String> partition = new LinkedHashMap<>();
        boolean ended = false;
        for (String step : folder.split("/", -1)) {
            int equals = step.indexOf('=');
            if (equals > 0) {
                if (ended) {
                    throw new InvalidInputException("The folders " + folder + " in " + path
                            + " have one without = between others; move it, or rename it");
                }
                partition.put(
                        ExternalCatalogUtils.unescapePathName(step.substring(0, equals)),
                        ExternalCatalogUtils.unescapePathName(step.substring(equals + 1)));
            } else {
                ended = !partition.isEmpty();
            }
        }
        return partition;
    }
}
