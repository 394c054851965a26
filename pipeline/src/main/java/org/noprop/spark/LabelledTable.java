package org.noprop.spark;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NumericType;
import org.noprop.config.DataConfig;
import org.noprop.config.DataConfig.Kind;
import org.noprop.config.FilesConfig;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;

/**
 * A user's own rows with their classes.
 *
 * @param rows the columns {@value #TEST} (boolean), {@value #LABEL} (int, null where the class is none of the training
 *     part's), {@value #UNKNOWN} (why, or null), {@value #NAME} (what a row is called, or null) and
 *     {@value InputTable#PAYLOAD}
 * @param classNames the name of each class, by label
 * @param images whether payloads are image files, and not image embeddings
 * @param leftOut how many files beside these are not read, by reason
 */
record LabelledTable(Dataset<Row> rows, List<String> classNames, boolean images, Map<String, Long> leftOut) {
    static final String TEST = "test";
    static final String LABEL = "label";
    static final String NAME = "name";
    static final String UNKNOWN = "unknown";

    /** Where a user says where the files are. */
    static final String SETTING = "noprop.data.path";

    private static final int MOST_CLASSES = 10_000;
    private static final String CLASS = "class";
    private static final String CUT_SALT = "test";
    private static final int CUT_STEPS = 1_000_000;

    /**
     * The rows of a configuration's files.
     *
     * @throws InvalidInputException in one sentence, if there are no files, columns or classes of use
     */
    static LabelledTable read(SparkSession session, DataConfig data) {
        String path = data.path().orElseThrow();
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        InputFiles files = InputFiles.list(hadoop, path, SETTING);
        InputParts parts = InputParts.ofParquet(files, data.files().label());
        ParquetTable table = ParquetTable.of(session, parts.train(), path);
        Rows train = rows(table, data, false);
        Dataset<Row> all = train.rows;
        List<List<String>> said = table.classNames(data.files().label());
        if (parts.cut()) {
            all = all.withColumn(TEST, isCut(data.files().testFraction()));
        } else {
            ParquetTable test = ParquetTable.of(session, parts.test(), path);
            all = all.unionByName(rows(test, data, true).rows);
            said = Stream.of(said, test.classNames(data.files().label()))
                    .flatMap(List::stream)
                    .toList();
        }
        List<String> names = names(train, agreed(said, path), path);
        requireClasses(names, path);
        Dataset<Row> labelled = all.withColumn(LABEL, label(train, names))
                .withColumn(UNKNOWN, unknown(train, names))
                .drop(CLASS);
        return new LabelledTable(labelled, names, train.images, leftOut(files, parts));
    }

    private static Map<String, Long> leftOut(InputFiles files, InputParts parts) {
        Map<String, Long> leftOut = new TreeMap<>(files.leftOut());
        if (files.images().size() > 0) {
            leftOut.merge(InputFiles.OTHER, (long) files.images().size(), Long::sum);
        }
        if (parts.leftOut() > 0) {
            leftOut.put(InputParts.OF_NEITHER, (long) parts.leftOut());
        }
        return leftOut;
    }

    static void requireClasses(List<String> names, String path) {
        if (names.size() < 2) {
            throw new InvalidInputException(
                    "There is nothing to tell apart in " + path + ": the only class is " + names.get(0));
        }
    }

    /** Rows with what says their class, in a column of that name. */
    private record Rows(Dataset<Row> rows, boolean images) {
        DataType type() {
            return rows.schema().apply(CLASS).dataType();
        }

        Metadata metadata() {
            return rows.schema().apply(CLASS).metadata();
        }
    }

    private static Rows rows(ParquetTable table, DataConfig data, boolean test) {
        InputTable.Payload payload = payload(table, data);
        Optional<String> label = table.find(data.files().label());
        Optional<String> id = table.find(EmbeddingFolder.ID)
                .filter(name -> !table.unreadable().containsKey(name));
        Optional<String> path =
                table.find(InputTable.PATH).filter(name -> !table.unreadable().containsKey(name));
        Set<String> names = new LinkedHashSet<>(List.of(payload.name()));
        Stream.of(label, id, path).flatMap(Optional::stream).forEach(names::add);
        Dataset<Row> rows = table.read(names);
        Column place = rows.col(ParquetTable.PLACE);
        Column file = path.map(name -> ParquetTable.column(rows, name))
                .or(() -> payload.path(rows))
                .map(column -> column.cast("string"))
                .orElse(functions.lit(null).cast("string"));
        Column numbered = id.filter(name -> table.type(name) instanceof IntegralType)
                .map(name -> functions.concat(
                        functions.lit(name + " "), ParquetTable.column(rows, name), functions.lit(", "), place))
                .orElse(place);
        Column classes = label.map(name -> classes(rows, name, data)).orElseGet(() -> folders(table, path, rows, data));
        return new Rows(
                rows.select(
                        functions.lit(test).as(TEST),
                        classes.as(CLASS),
                        functions.coalesce(file, numbered).as(NAME),
                        payload.of(rows).as(InputTable.PAYLOAD)),
                payload.images());
    }

    private static InputTable.Payload payload(ParquetTable table, DataConfig data) {
        FilesConfig files = data.files();
        String path = data.path().orElseThrow();
        InputTable.Payload payload;
        try {
            payload = InputTable.Payload.in(table, files.column(), path);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(e.getMessage() + "; correct noprop.data.files.column", e);
        }
        if (payload.images() != (data.kind() == Kind.PARQUET)) {
            throw new InvalidInputException("The Parquet files in " + path + " hold "
                    + (payload.images()
                            ? "images: set noprop.data.kind = parquet"
                            : "image embeddings: set noprop.data.kind = embeddings"));
        }
        return payload;
    }

    private static Column classes(Dataset<Row> rows, String name, DataConfig data) {
        DataType type = rows.schema().apply(name).dataType();
        if (type == DataTypes.StringType || type instanceof IntegralType) {
            return ParquetTable.column(rows, name);
        }
        throw new InvalidInputException(
                "The column " + name + " in " + data.path().orElseThrow() + ", of type "
                        + type.catalogString() + ", holds no classes"
                        + (type instanceof NumericType
                                ? "; write it as whole numbers from 0, of type int"
                                : "; set noprop.data.files.label to one of whole numbers or names"));
    }

    /** The folders that images lay in. */
    private static Column folders(ParquetTable table, Optional<String> path, Dataset<Row> rows, DataConfig data) {
        if (path.isPresent() && table.type(path.get()) == DataTypes.StringType) {
            return functions.element_at(functions.split(ParquetTable.column(rows, path.get()), "/"), -2);
        }
        throw new InvalidInputException("There is no column " + data.files().label() + " in "
                + data.path().orElseThrow() + ", whose columns are " + InputTable.shown(table.names())
                + "; set noprop.data.files.label to one of whole numbers or names");
    }

    private static Column isCut(double fraction) {
        return functions
                .pmod(
                        functions.xxhash64(functions.col(InputTable.PAYLOAD), functions.lit(CUT_SALT)),
                        functions.lit(CUT_STEPS))
                .lt(functions.lit(fraction * CUT_STEPS));
    }

    /** The longest of some lists of names, which may end sooner but not differ. */
    private static List<String> agreed(List<List<String>> said, String path) {
        List<String> longest =
                said.stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
        for (List<String> names : said) {
            for (int label = 0; label < names.size(); label++) {
                if (!names.get(label).equals(longest.get(label))) {
                    throw new InvalidInputException("Label " + label + " is " + longest.get(label) + " in one file in "
                            + path + " and " + names.get(label)
                            + " in another, by the metadata of Hugging Face; write all files with the same names");
                }
            }
        }
        return longest;
    }

    private static List<String> names(Rows train, List<String> said, String path) {
        List<String> names;
        if (train.type() == DataTypes.StringType) {
            names = distinct(train.rows);
        } else if (train.metadata().contains("classNames")) {
            names = List.of(train.metadata().getStringArray("classNames"));
        } else {
            names = said.isEmpty() ? numbered(train.rows, path) : said;
        }
        if (names.isEmpty() && train.rows.isEmpty()) {
            throw new InvalidInputException("There are no training rows in " + path);
        }
        if (names.isEmpty() || names.size() > MOST_CLASSES) {
            throw new InvalidInputException("There are " + (names.isEmpty() ? "no" : "more than " + MOST_CLASSES)
                    + " classes in " + path + "; correct noprop.data.files.label");
        }
        if (Set.copyOf(names).size() < names.size()) {
            throw new InvalidInputException("Two labels in " + path + " have one name: "
                    + names.stream()
                            .filter(name -> Collections.frequency(names, name) > 1)
                            .findFirst()
                            .orElseThrow()
                    + "; write each with a name of its own");
        }
        return names;
    }

    private static List<String> distinct(Dataset<Row> rows) {
        return rows
                .select(CLASS)
                .na()
                .drop()
                .distinct()
                .limit(MOST_CLASSES + 1)
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }

    private static List<String> numbered(Dataset<Row> rows, String path) {
        Column number = rows.col(CLASS).cast("long");
        Row range = rows.agg(functions.max(number), functions.min(number)).head();
        long classes = range.isNullAt(0) ? 0 : range.getLong(0) + 1;
        if (!range.isNullAt(0) && classes < 2 && range.getLong(1) < 0) {
            throw new InvalidInputException("The labels in " + path + " are whole numbers from " + range.getLong(1)
                    + " to " + range.getLong(0) + ", and classes are counted from 0; add what is missing to each");
        }
        return IntStream.range(0, (int) Math.max(0, Math.min(classes, MOST_CLASSES + 1)))
                .mapToObj(String::valueOf)
                .toList();
    }

    /** Null where the class is none of these. */
    private static Column label(Rows train, List<String> names) {
        Column label = train.type() == DataTypes.StringType
                ? functions
                        .array_position(functions.lit(names.toArray(String[]::new)), functions.col(CLASS))
                        .minus(1)
                : functions.col(CLASS).cast("long");
        return functions.when(label.between(0, names.size() - 1), label.cast("int"));
    }

    /** Why a class is none of these; null where it is one. */
    private static Column unknown(Rows train, List<String> names) {
        Column none = functions.col(CLASS);
        Column why = train.type() == DataTypes.StringType
                ? functions.lit(", which no training row has")
                : functions
                        .when(none.lt(0), ", which is below 0")
                        .otherwise(", where the classes are 0 to " + (names.size() - 1));
        return functions.when(
                functions.col(LABEL).isNull(),
                functions
                        .when(none.isNull(), "it has no class")
                        .otherwise(functions.concat(functions.lit("its class is "), none.cast("string"), why)));
    }
}
