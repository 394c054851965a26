package org.noprop.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;

/**
 * Rows that a user has: image embeddings or files of images, from Parquet or straight from a folder of images.
 *
 * @param rows the columns {@value #ID} and {@value #PAYLOAD}, behind the others of the input
 * @param images whether the payload is the bytes of an image file, and not an image embedding
 * @param unreadable columns of the input that Spark cannot read, with the reason
 */
record InputTable(Dataset<Row> rows, boolean images, Map<String, String> unreadable) {
    /** What a row's noise is drawn for; null where the input has no ids. */
    static final String ID = "noprop_id";
    /** An image embedding, or the bytes of an image file. */
    static final String PAYLOAD = "noprop_payload";

    /** Column of an image's file, where it is known. */
    static final String PATH = "path";

    private static final String BYTES = "bytes";
    private static final int MOST_SHOWN = 20;
    /** Where payloads usually are: ours, and those of Hugging Face and of Spark's binaryFile. */
    private static final List<String> USUAL = List.of(EmbeddingFolder.EMBEDDING, "image", "img", "content");

    /**
     * What lies at a path: Parquet files with a column {@code embedding} (a list of numbers or a vector of Spark ML),
     * {@code image} or {@code img} (a struct with {@code bytes}, as Hugging Face writes it) or {@code content} (as Spark's
     * binaryFile names it); or images.
     *
     * @throws InvalidInputException if it is none of these
     */
    static InputTable read(SparkSession session, InputFiles files) {
        if (!files.areParquet()) {
            return images(session, files.images());
        }
        ParquetTable table = ParquetTable.of(session, files.parquet(), files.path());
        Payload payload = Payload.in(table, Optional.empty(), files.path());
        Map<String, String> unreadable = table.unreadable();
        List<String> names = table.names().stream()
                .filter(name -> !unreadable.containsKey(name))
                .toList();
        return of(table.read(names).drop(ParquetTable.PLACE), payload, unreadable);
    }

    /** Image files with their paths; those that cannot be read are damaged images. */
    static InputTable images(SparkSession session, FileList files) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
        StructType schema = new StructType()
                .add(PATH, DataTypes.StringType)
                .add(ID, DataTypes.LongType)
                .add(PAYLOAD, DataTypes.BinaryType);
        JavaRDD<Row> rows =
                ImageFiles.read(context, files).map(file -> RowFactory.create(file.path(), null, file.bytes()));
        return new InputTable(session.createDataFrame(rows, schema), true, Map.of());
    }

    /**
     * The rows of a table.
     *
     * @param payload which column holds the payload; it is not among the others
     * @param unreadable columns that the table has not, with the reason
     */
    private static InputTable of(Dataset<Row> table, Payload payload, Map<String, String> unreadable) {
        List<String> names = Arrays.asList(table.columns());
        List<Column> columns = new ArrayList<>();
        names.stream()
                .filter(name -> !name.equals(payload.name()))
                .forEach(name -> columns.add(ParquetTable.column(table, name)));
        if (!names.contains(PATH)) {
            payload.path(table).ifPresent(path -> columns.add(path.as(PATH)));
        }
        columns.add(id(table).as(ID));
        columns.add(payload.of(table).as(PAYLOAD));
        return new InputTable(table.select(columns.toArray(Column[]::new)), payload.images(), unreadable);
    }

    private static Column id(Dataset<Row> table) {
        DataType id = type(table.schema(), EmbeddingFolder.ID);
        return id == DataTypes.LongType || id == DataTypes.IntegerType
                ? table.col(EmbeddingFolder.ID).cast("long")
                : functions.lit(null).cast("long");
    }

    /**
     * The column that holds image embeddings or the bytes of images.
     *
     * @param name of the column
     * @param type Spark's
     */
    record Payload(String name, DataType type) {

        /**
         * That of a table.
         *
         * @param column which it is; empty for that of a usual name
         * @param input where the table is from
         * @throws InvalidInputException if there is none, or it holds something else
         */
        static Payload in(ParquetTable table, Optional<String> column, String input) {
            for (String wanted : column.map(List::of).orElse(USUAL)) {
                Optional<String> found = table.find(wanted);
                if (found.isPresent()) {
                    Payload payload = new Payload(found.get(), table.type(found.get()));
                    payload.require(input);
                    return payload;
                }
            }
            throw new InvalidInputException(column.map(
                                    name -> "There is no column " + name + " (numbers, bytes, or a struct with bytes)")
                            .orElse("There is neither a column embedding (numbers), nor image or img (a struct with"
                                    + " bytes), nor content (bytes)")
                    + " in " + input + ", only " + shown(table.names()));
        }

        private void require(String input) {
            String what = "The column " + name + " in " + input + ", of type " + type.catalogString() + ", ";
            if (type instanceof ArrayType list && list.elementType() instanceof ArrayType) {
                throw new InvalidInputException(
                        what + "holds lists of lists; write the values of a row as one list of numbers");
            }
            if (!images() && !isNumbers()) {
                throw new InvalidInputException(
                        what + "holds neither numbers (a list or a vector of Spark ML) nor the bytes of image files");
            }
        }

        private boolean isNumbers() {
            return type.equals(SQLDataTypes.VectorType())
                    || (type instanceof ArrayType list
                            && (list.elementType() instanceof NumericType
                                    || list.elementType() == DataTypes.StringType));
        }

        /** Whether it holds image files. */
        boolean images() {
            return type instanceof BinaryType
                    || (type instanceof StructType struct && InputTable.type(struct, BYTES) instanceof BinaryType);
        }

        /** Bytes; or array of float, in which text that is no number is null. */
        Column of(Dataset<Row> table) {
            Column column = ParquetTable.column(table, name);
            if (type instanceof StructType) {
                return column.getField(BYTES);
            }
            if (type.equals(SQLDataTypes.VectorType())) {
                return functions.when(
                        column.isNotNull(), org.apache.spark.ml.functions.vector_to_array(column, "float32"));
            }
            return type instanceof BinaryType ? column : column.cast("array<float>");
        }

        /** Where an image's file was, where the payload says it. */
        Optional<Column> path(Dataset<Row> table) {
            return type instanceof StructType struct && InputTable.type(struct, PATH) == DataTypes.StringType
                    ? Optional.of(ParquetTable.column(table, name).getField(PATH))
                    : Optional.empty();
        }
    }

    /** Names of columns, of which there may be thousands. */
    static String shown(List<String> names) {
        return names.size() <= MOST_SHOWN
                ? names.toString()
                : "[" + String.join(", ", names.subList(0, MOST_SHOWN)) + ", … (" + names.size() + " in all)]";
    }

    /** The rows of Parquet files or folders by their paths, in which Spark would otherwise take {@code [ ] { } * ?} for patterns. */
    static Dataset<Row> parquet(SparkSession session, List<String> paths) {
        return session.read().option("__globPaths__", "false").parquet(paths.toArray(String[]::new));
    }

    /** Of a column; null where there is none. */
    static DataType type(StructType schema, String name) {
        return Arrays.asList(schema.fieldNames()).contains(name)
                ? schema.apply(name).dataType()
                : null;
    }
}
