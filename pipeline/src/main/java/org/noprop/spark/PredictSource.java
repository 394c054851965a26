package org.noprop.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
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
 * Rows to predict: image embeddings or files of images, from Parquet or straight from a folder of images.
 *
 * @param rows the columns {@value #ID} and {@value #PAYLOAD}, behind the others of the input
 * @param images whether the payload is the bytes of an image file, and not an image embedding
 */
record PredictSource(Dataset<Row> rows, boolean images) {
    /** What a row's noise is drawn for; null where the input has no ids. */
    static final String ID = "noprop_id";
    /** What is predicted. */
    static final String PAYLOAD = "noprop_payload";

    /** Column of an image's file, where it is known. */
    static final String PATH = "path";

    private static final String IMAGE = "image";
    private static final String BYTES = "bytes";
    private static final String CONTENT = "content";
    private static final String RECURSIVE = "recursiveFileLookup";
    private static final String IMAGE_GLOB = "*.{png,PNG,jpg,JPG,jpeg,JPEG}";

    /**
     * What lies at a path: Parquet files with a column {@code embedding} (a list of numbers), {@code image} (a struct with
     * {@code bytes}, as Hugging Face writes it) or {@code content} (as Spark's binaryFile names it); or images.
     *
     * @throws InvalidInputException if it is none of these
     */
    static PredictSource read(SparkSession session, String input) {
        if (isParquet(session.sparkContext().hadoopConfiguration(), input)) {
            return of(session.read().option(RECURSIVE, true).parquet(input), input);
        }
        Dataset<Row> files = session.read()
                .format("binaryFile")
                .option(RECURSIVE, true)
                .option("pathGlobFilter", IMAGE_GLOB)
                .load(input)
                .select(PATH, CONTENT);
        return of(files.union(emptyFiles(session, input)), input);
    }

    /** Those that Spark passes over in silence, which are damaged images. */
    private static Dataset<Row> emptyFiles(SparkSession session, String input) {
        List<Row> empty = new ArrayList<>();
        visit(session.sparkContext().hadoopConfiguration(), input, file -> {
            if (file.getLen() == 0 && isImage(file)) {
                empty.add(RowFactory.create(file.getPath().toString(), new byte[0]));
            }
            return false;
        });
        StructType schema = new StructType().add(PATH, DataTypes.StringType).add(CONTENT, DataTypes.BinaryType);
        return session.createDataFrame(empty, schema);
    }

    /** The columns of a table. */
    private static PredictSource of(Dataset<Row> table, String input) {
        StructType schema = table.schema();
        if (type(schema, EmbeddingFolder.EMBEDDING) instanceof ArrayType) {
            Column embedding = table.col(EmbeddingFolder.EMBEDDING).cast("array<float>");
            return new PredictSource(with(table, embedding, EmbeddingFolder.EMBEDDING), false);
        }
        if (type(schema, IMAGE) instanceof StructType image && type(image, BYTES) instanceof BinaryType) {
            Dataset<Row> named = type(image, PATH) == DataTypes.StringType && type(schema, PATH) == null
                    ? table.withColumn(PATH, table.col(IMAGE).getField(PATH))
                    : table;
            return new PredictSource(with(named, named.col(IMAGE).getField(BYTES), IMAGE), true);
        }
        if (type(schema, CONTENT) instanceof BinaryType) {
            return new PredictSource(with(table, table.col(CONTENT), CONTENT), true);
        }
        throw new InvalidInputException(
                "There is neither a column embedding (numbers), nor image (a struct with bytes),"
                        + " nor content (bytes) in " + input + ", only " + Arrays.toString(schema.fieldNames()));
    }

    private static Dataset<Row> with(Dataset<Row> table, Column payload, String source) {
        StructType schema = table.schema();
        DataType id = type(schema, EmbeddingFolder.ID);
        Column key = id == DataTypes.LongType || id == DataTypes.IntegerType
                ? table.col(EmbeddingFolder.ID).cast("long")
                : functions.lit(null).cast("long");
        return table.withColumn(ID, key).withColumn(PAYLOAD, payload).drop(source);
    }

    private static DataType type(StructType schema, String name) {
        return Arrays.asList(schema.fieldNames()).contains(name)
                ? schema.apply(name).dataType()
                : null;
    }

    private static boolean isParquet(Configuration hadoop, String input) {
        boolean[] found = {false};
        boolean any = visit(hadoop, input, file -> {
            found[0] = file.getPath().getName().endsWith(".parquet");
            return found[0] || isImage(file);
        });
        if (!any) {
            throw new InvalidInputException(
                    "There are neither Parquet files nor PNG or JPEG images in " + input + "; correct --input");
        }
        return found[0];
    }

    private static boolean isImage(FileStatus file) {
        return file.getPath().getName().toLowerCase(Locale.ROOT).matches(".*\\.(png|jpg|jpeg)");
    }

    /** Shows the files to {@code look} until it says that it has seen enough; whether it did. */
    private static boolean visit(Configuration hadoop, String input, Predicate<FileStatus> look) {
        Path path = new Path(input);
        try {
            RemoteIterator<LocatedFileStatus> files = path.getFileSystem(hadoop).listFiles(path, true);
            while (files.hasNext()) {
                if (look.test(files.next())) {
                    return true;
                }
            }
            return false;
        } catch (FileNotFoundException e) {
            throw new InvalidInputException("There is no " + input + " to predict; correct --input", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + input, e);
        }
    }
}
