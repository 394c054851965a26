package org.noprop.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
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
import org.apache.spark.sql.types.StructType;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;

/**
 * Rows that a user has: image embeddings or files of images, from Parquet or straight from a folder of images.
 *
 * @param rows the columns {@value #ID} and {@value #PAYLOAD}, behind the others of the input
 * @param images whether the payload is the bytes of an image file, and not an image embedding
 */
record InputTable(Dataset<Row> rows, boolean images) {
    /** What a row's noise is drawn for; null where the input has no ids. */
    static final String ID = "noprop_id";
    /** An image embedding, or the bytes of an image file. */
    static final String PAYLOAD = "noprop_payload";

    /** Column of an image's file, where it is known. */
    static final String PATH = "path";

    private static final String BYTES = "bytes";
    /** Where payloads usually are: ours, and those of Hugging Face and of Spark's binaryFile. */
    private static final List<String> USUAL = List.of(EmbeddingFolder.EMBEDDING, "image", "img", "content");

    /**
     * What lies at a path: Parquet files with a column {@code embedding} (a list of numbers), {@code image} or {@code img}
     * (a struct with {@code bytes}, as Hugging Face writes it) or {@code content} (as Spark's binaryFile names it); or
     * images.
     *
     * @param setting where the user gave the path
     * @throws InvalidInputException if it is none of these
     */
    static InputTable read(SparkSession session, String input, String setting) {
        InputFiles files = InputFiles.list(session.sparkContext().hadoopConfiguration(), input, setting);
        return files.areParquet()
                ? of(Paths.parquet(session, files.parquet().paths()), Optional.empty(), input)
                : images(session, files.images());
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
        return new InputTable(session.createDataFrame(rows, schema), true);
    }

    /**
     * The rows of a table.
     *
     * @param column which column holds the payload; empty for that of the usual name
     * @param input where the table is from
     * @throws InvalidInputException if there is no such column
     */
    static InputTable of(Dataset<Row> table, Optional<String> column, String input) {
        for (String name : column.map(List::of).orElse(USUAL)) {
            DataType type = type(table.schema(), name);
            if (type instanceof ArrayType) {
                return new InputTable(with(table, table.col(name).cast("array<float>"), name), false);
            }
            if (type instanceof StructType image && type(image, BYTES) instanceof BinaryType) {
                Dataset<Row> named = type(image, PATH) == DataTypes.StringType && type(table.schema(), PATH) == null
                        ? table.withColumn(PATH, table.col(name).getField(PATH))
                        : table;
                return new InputTable(with(named, named.col(name).getField(BYTES), name), true);
            }
            if (type instanceof BinaryType) {
                return new InputTable(with(table, table.col(name), name), true);
            }
        }
        throw new InvalidInputException(column.map(
                                name -> "There is no column " + name + " (numbers, bytes, or a struct with bytes)")
                        .orElse("There is neither a column embedding (numbers), nor image or img (a struct with"
                                + " bytes), nor content (bytes)")
                + " in " + input + ", only " + Arrays.toString(table.schema().fieldNames()));
    }

    private static Dataset<Row> with(Dataset<Row> table, Column payload, String source) {
        StructType schema = table.schema();
        DataType id = type(schema, EmbeddingFolder.ID);
        Column key = id == DataTypes.LongType || id == DataTypes.IntegerType
                ? table.col(EmbeddingFolder.ID).cast("long")
                : functions.lit(null).cast("long");
        return table.withColumn(ID, key).withColumn(PAYLOAD, payload).drop(source);
    }

    /** Of a column; null where there is none. */
    static DataType type(StructType schema, String name) {
        return Arrays.asList(schema.fieldNames()).contains(name)
                ? schema.apply(name).dataType()
                : null;
    }
}
