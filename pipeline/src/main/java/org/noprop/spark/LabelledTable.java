package org.noprop.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.noprop.config.DataConfig;
import org.noprop.config.DataConfig.Kind;
import org.noprop.config.FilesConfig;
import org.noprop.data.HuggingFaceFile;
import org.noprop.data.InvalidInputException;

/**
 * A user's own rows with their classes.
 *
 * @param rows the columns {@value #TEST} (boolean), {@value #LABEL} (int, null where the class is none of the training
 *     part's), {@value #NAME} (text or null) and {@value InputTable#PAYLOAD}
 * @param classNames the name of each class, by label
 * @param images whether payloads are image files, and not image embeddings
 */
record LabelledTable(Dataset<Row> rows, List<String> classNames, boolean images) {
    static final String TEST = "test";
    static final String LABEL = "label";
    static final String NAME = "name";

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
        if (data.kind() == Kind.FOLDER) {
            return folder(session, data, ImageFolder.of(files));
        }
        InputParts parts = InputParts.ofParquet(files);
        Rows train = rows(session, data, parts.train(), false);
        Dataset<Row> all = parts.cut()
                ? train.rows.withColumn(TEST, isCut(data.files().testFraction()))
                : train.rows.unionByName(rows(session, data, parts.test(), true).rows);
        List<String> names = names(train, data, hadoop, parts.train().get(0));
        requireClasses(names, path);
        Dataset<Row> labelled = all.withColumn(LABEL, label(train, names)).drop(CLASS);
        return new LabelledTable(labelled, names, train.images);
    }

    private static void requireClasses(List<String> names, String path) {
        if (names.size() < 2) {
            throw new InvalidInputException(
                    "There is nothing to tell apart in " + path + ": the only class is " + names.get(0));
        }
    }

    private static LabelledTable folder(SparkSession session, DataConfig data, ImageFolder folder) {
        requireClasses(folder.classNames(), data.path().orElseThrow());
        Dataset<Row> rows = folder(session, folder, folder.train(), false);
        return new LabelledTable(
                folder.test().size() == 0
                        ? rows.withColumn(TEST, isCut(data.files().testFraction()))
                        : rows.unionByName(folder(session, folder, folder.test(), true)),
                folder.classNames(),
                true);
    }

    private static Dataset<Row> folder(SparkSession session, ImageFolder folder, FileList files, boolean test) {
        StructType schema = new StructType()
                .add(TEST, DataTypes.BooleanType)
                .add(LABEL, DataTypes.IntegerType)
                .add(NAME, DataTypes.StringType)
                .add(InputTable.PAYLOAD, DataTypes.BinaryType);
        List<String> names = folder.classNames();
        boolean parted = folder.parted();
        JavaRDD<Row> rows = ImageFiles.read(JavaSparkContext.fromSparkContext(session.sparkContext()), files)
                .map(file -> {
                    int label = names.indexOf(ImageFolder.className(file.folder(), parted));
                    return RowFactory.create(test, label < 0 ? null : label, file.path(), file.bytes());
                });
        return session.createDataFrame(rows, schema);
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

    private static Rows rows(SparkSession session, DataConfig data, List<String> paths, boolean test) {
        InputTable table = parquet(Paths.parquet(session, paths), data);
        Dataset<Row> rows = table.rows();
        Column name = Arrays.asList(rows.columns()).contains(InputTable.PATH)
                ? rows.col(InputTable.PATH).cast("string")
                : functions.lit(null).cast("string");
        return new Rows(
                rows.select(
                        functions.lit(test).as(TEST),
                        label(rows, data).as(CLASS),
                        name.as(NAME),
                        rows.col(InputTable.PAYLOAD)),
                table.images());
    }

    private static InputTable parquet(Dataset<Row> table, DataConfig data) {
        FilesConfig files = data.files();
        String path = data.path().orElseThrow();
        InputTable input;
        try {
            input = InputTable.of(table, files.column(), path);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(e.getMessage() + "; correct noprop.data.files.column", e);
        }
        if (input.images() != (data.kind() == Kind.PARQUET)) {
            throw new InvalidInputException("The Parquet files in " + path + " hold "
                    + (input.images()
                            ? "images: set noprop.data.kind = parquet"
                            : "image embeddings: set noprop.data.kind = embeddings"));
        }
        return input;
    }

    private static Column label(Dataset<Row> rows, DataConfig data) {
        String label = data.files().label();
        DataType type = InputTable.type(rows.schema(), label);
        if (type == null && InputTable.type(rows.schema(), InputTable.PATH) == DataTypes.StringType) {
            return functions.element_at(functions.split(rows.col(InputTable.PATH), "/"), -2);
        }
        if (type == DataTypes.StringType || type instanceof IntegralType) {
            return rows.col(label);
        }
        throw new InvalidInputException((type == null
                        ? "There is no column " + label
                        : "The column " + label + ", of type " + type.catalogString() + ", holds no classes")
                + " in " + data.path().orElseThrow() + ", whose columns are " + Arrays.toString(columns(rows))
                + "; set noprop.data.files.label to one of whole numbers or names");
    }

    private static String[] columns(Dataset<Row> rows) {
        return Arrays.stream(rows.columns())
                .filter(name -> !name.equals(InputTable.ID) && !name.equals(InputTable.PAYLOAD))
                .toArray(String[]::new);
    }

    private static Column isCut(double fraction) {
        return functions
                .pmod(
                        functions.xxhash64(functions.col(InputTable.PAYLOAD), functions.lit(CUT_SALT)),
                        functions.lit(CUT_STEPS))
                .lt(functions.lit(fraction * CUT_STEPS));
    }

    private static List<String> names(Rows train, DataConfig data, Configuration hadoop, String file) {
        List<String> names = train.type() == DataTypes.StringType
                ? distinct(train.rows)
                : named(train, data, hadoop, file).orElseGet(() -> numbered(train.rows));
        if (names.isEmpty() || names.size() > MOST_CLASSES) {
            throw new InvalidInputException("There are " + (names.isEmpty() ? "no" : "more than " + MOST_CLASSES)
                    + " classes in " + data.path().orElseThrow() + "; correct noprop.data.files.label");
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

    private static Optional<List<String>> named(Rows train, DataConfig data, Configuration hadoop, String file) {
        if (train.metadata().contains("classNames")) {
            return Optional.of(List.of(train.metadata().getStringArray("classNames")));
        }
        return Optional.of(HuggingFaceFile.classNames(hadoop, file, data.files().label()))
                .filter(names -> !names.isEmpty());
    }

    private static List<String> numbered(Dataset<Row> rows) {
        Row most = rows.agg(functions.max(rows.col(CLASS)).cast("long")).head();
        long classes = most.isNullAt(0) ? 0 : most.getLong(0) + 1;
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
}
