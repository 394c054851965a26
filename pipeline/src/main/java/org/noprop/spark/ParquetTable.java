package org.noprop.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.spark.ml.linalg.SQLDataTypes;
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

    private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";
    private static final String NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

    private final SparkSession session;
    private final String path;
    private final FileList files;
    /** In the order of the files, with what is known of each. */
    private final Map<String, Found> columns;

    private final List<StructField> partitions;

    private ParquetTable(
            SparkSession session,
            String path,
            FileList files,
            Map<String, Found> columns,
            List<StructField> partitions) {
        this.session = session;
        this.path = path;
        this.files = files;
        this.columns = columns;
        this.partitions = partitions;
    }

    /**
     * A column of files.
     *
     * @param field its name and Spark's type for it, with Spark's metadata; null where Spark has none
     * @param unreadable why it has none; otherwise null
     * @param file the first that has it
     */
    private record Found(StructField field, String unreadable, String file) {
        boolean sameType(Found other) {
            return field == null
                    ? other.field == null
                    : other.field != null && field.dataType().sameType(other.field.dataType());
        }

        String type() {
            return field == null ? unreadable : field.dataType().catalogString();
        }
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
        List<Map<String, Found>> all = IntStream.range(0, files.size())
                .parallel()
                .mapToObj(file -> columns(ParquetFooter.read(hadoop, files.path(file)), files.name(file), converter))
                .toList();
        Map<String, Found> columns = new LinkedHashMap<>();
        Map<String, Found> others = new LinkedHashMap<>();
        for (Map<String, Found> own : all) {
            own.forEach((name, found) -> {
                Found first = columns.putIfAbsent(name, found);
                if (first != null && !first.sameType(found)) {
                    others.putIfAbsent(name, found);
                }
            });
        }
        others.forEach((name, other) -> columns.computeIfPresent(
                name,
                (same, first) -> new Found(
                        null,
                        first.type() + " in " + first.file() + " and " + other.type() + " in " + other.file(),
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
                functions.col("_metadata.row_index"),
                functions.lit(" of "),
                functions.col("_metadata.file_name"));
        Column[] wanted = fields.stream()
                .map(field -> functions.col(quoted(field.name())).as(field.name(), field.metadata()))
                .toArray(Column[]::new);
        return byBase.entrySet().stream()
                .map(own -> session.read()
                        .schema(schema(fields))
                        .option("__globPaths__", "false")
                        .option("basePath", own.getKey())
                        .parquet(own.getValue().toArray(String[]::new))
                        .withColumn(PLACE, place))
                .map(rows -> rows.select(and(wanted, functions.col(PLACE))))
                .reduce(Dataset::union)
                .orElseThrow();
    }

    private static Column[] and(Column[] columns, Column last) {
        Column[] more = Arrays.copyOf(columns, columns.length + 1);
        more[columns.length] = last;
        return more;
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

    /** The names of the classes of a column, by label, where Hugging Face's metadata of the first file say them. */
    List<String> classNames(String column) {
        return ParquetFooter.read(session.sparkContext().hadoopConfiguration(), files.path(0))
                .classNames(column);
    }

    private StructField field(String name) {
        Optional<StructField> partition =
                partitions.stream().filter(one -> one.name().equals(name)).findFirst();
        if (partition.isPresent()) {
            return partition.get();
        }
        Found found = columns.get(name);
        if (found.field() == null) {
            throw new InvalidInputException("Spark cannot read the column " + name + " of " + found.file() + " in "
                    + path + ", which is " + found.unreadable() + "; write it as numbers of 32 or 64 bits, or as text");
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

    /** The columns that folders are, of text, or of whole numbers where all are. */
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
                                        .allMatch(value -> value.equals(NO_VALUE) || value.matches("-?\\d{1,18}"))
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

    /** The columns of a file, by name. */
    private static Map<String, Found> columns(
            ParquetFooter footer, String file, ParquetToSparkSchemaConverter converter) {
        Map<String, StructField> sparks = footer.metadata(SPARK_SCHEMA)
                .flatMap(ParquetTable::sparkSchema)
                .map(schema -> Arrays.stream(schema.fields())
                        .collect(Collectors.toMap(StructField::name, Function.identity(), (one, other) -> one)))
                .orElse(Map.of());
        Map<String, Found> columns = new LinkedHashMap<>();
        List<SchemaElement> elements = footer.content().getSchema();
        int next = 1;
        while (next < elements.size()) {
            int end = end(elements, next);
            String name = elements.get(next).getName();
            columns.put(name, found(footer.content(), elements.subList(next, end), sparks.get(name), file, converter));
            next = end;
        }
        return columns;
    }

    private static Optional<StructType> sparkSchema(String json) {
        try {
            return Optional.of((StructType) DataType.fromJson(json));
        } catch (RuntimeException e) {
            return Optional.empty(); // of another version, or a type of the user's own: Parquet's types are there, too
        }
    }

    /** Where the elements of a column end, which are its own and those of what is in it. */
    private static int end(List<SchemaElement> elements, int first) {
        int end = first + 1;
        for (int child = 0; child < elements.get(first).getNum_children(); child++) {
            end = end(elements, end);
        }
        return end;
    }

    private static Found found(
            FileMetaData footer,
            List<SchemaElement> column,
            StructField sparks,
            String file,
            ParquetToSparkSchemaConverter converter) {
        if (column.stream().anyMatch(ParquetTable::isHalfFloat)) {
            return new Found(null, "of half floats (float16)", file);
        }
        if (sparks != null) {
            return new Found(sparks, null, file);
        }
        List<SchemaElement> alone = new ArrayList<>();
        alone.add(new SchemaElement(footer.getSchema().get(0)).setNum_children(1));
        alone.addAll(column);
        try {
            StructField field = converter
                    .convert(new ParquetMetadataConverter()
                            .fromParquetMetadata(new FileMetaData(footer.getVersion(), alone, 0, List.of()))
                            .getFileMetaData()
                            .getSchema())
                    .apply(0);
            return new Found(isVector(field.dataType()) ? vector(field) : field, null, file);
        } catch (Exception e) {
            return new Found(null, "of a type unknown to it (" + reason(e) + ")", file);
        }
    }

    private static String reason(Exception e) {
        return String.valueOf(e.getMessage()).replaceFirst("^\\[[A-Z_.]*] ", "").replaceFirst("\\.$", "");
    }

    /** Parquet's younger logical types have no name in older versions of its library, which then fails over them. */
    private static boolean isHalfFloat(SchemaElement element) {
        return element.getType() == Type.FIXED_LEN_BYTE_ARRAY
                && element.getType_length() == Short.BYTES
                && element.isSetLogicalType()
                && (!element.getLogicalType().isSet()
                        || element.getLogicalType().getSetField().getFieldName().equals("FLOAT16"));
    }

    /** What a vector of Spark ML is made of. */
    private static boolean isVector(DataType type) {
        return type.sameType(SQLDataTypes.VectorType())
                || (type instanceof StructType struct
                        && Arrays.equals(struct.fieldNames(), new String[] {"type", "size", "indices", "values"}));
    }

    private static StructField vector(StructField field) {
        return new StructField(field.name(), SQLDataTypes.VectorType(), true, field.metadata());
    }
}
