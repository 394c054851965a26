package org.noprop.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.Image;
import org.noprop.embedding.ImageEmbedder;

/** Writes the Parquet files of a split, what describes them in the columns' metadata. */
final class EmbeddingWriter {
    /** Aimed at, so that files come out between 32 and 128 MB where there is that much. */
    private static final long FILE_BYTES = 80L << 20;
    /** Of a row group in memory: what a task that streams a file holds at least at a time. */
    private static final long ROW_GROUP_BYTES = 8L << 20;

    private static final String ROW_GROUP_SETTING = "parquet.block.size";

    private final SparkSession spark;
    private final JavaSparkContext context;
    private final EmbeddingDescription description;
    private final int bytesPerComponent;

    /**
     * A writer of embeddings.
     *
     * @param bytesPerComponent about how many a component needs in a Parquet file
     */
    EmbeddingWriter(SparkSession spark, EmbeddingDescription description, int bytesPerComponent) {
        this.spark = spark;
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.description = description;
        this.bytesPerComponent = bytesPerComponent;
    }

    /** How many files so many rows go to. */
    static int files(long rows, int width, int bytesPerComponent) {
        long bytes = rows * width * bytesPerComponent;
        return (int) Math.max(1, Math.round((double) bytes / FILE_BYTES));
    }

    /**
     * Embeds the images of a split and writes them.
     *
     * @param images its images in the order of their ids, a partition for each file
     */
    void write(JavaRDD<Image> images, ImageEmbedder embedder, String folder) {
        Broadcast<ImageEmbedder> shipped = context.broadcast(embedder);
        write(images.mapPartitions(partition -> new EmbeddedImages(partition, shipped.value())), folder);
        shipped.destroy();
    }

    /**
     * Writes a split.
     *
     * @param rows its rows in the order of their ids, a partition for each file
     */
    void write(JavaRDD<EmbeddingRow> rows, String folder) {
        Dataset<EmbeddingRow> table = spark.createDataset(rows.rdd(), Encoders.bean(EmbeddingRow.class));
        DataFrameWriter<Row> writer = table.select(
                        functions.col(EmbeddingFolder.ID),
                        functions.col(EmbeddingFolder.LABEL).as(EmbeddingFolder.LABEL, labelMetadata()),
                        functions.col(EmbeddingFolder.EMBEDDING).as(EmbeddingFolder.EMBEDDING, embeddingMetadata()))
                .write()
                .format(EmbeddingFormat.class.getName())
                .option("compression", "zstd")
                .option(ROW_GROUP_SETTING, rowGroupBytes());
        JobRetry.write(spark.sparkContext(), writer, folder);
    }

    /** As Parquet counts them, encoded but not compressed; Hadoop's configuration may say otherwise. */
    private long rowGroupBytes() {
        long encoded = ROW_GROUP_BYTES * bytesPerComponent / Float.BYTES;
        return spark.sparkContext().hadoopConfiguration().getLong(ROW_GROUP_SETTING, encoded);
    }

    private Metadata labelMetadata() {
        String[] classNames = description.classNames().toArray(String[]::new);
        return new MetadataBuilder().putStringArray("classNames", classNames).build();
    }

    private Metadata embeddingMetadata() {
        long[] shape =
                description.shape().stream().mapToLong(Integer::longValue).toArray();
        return new MetadataBuilder()
                .putLongArray("shape", shape)
                .putString("embedder", description.embedder())
                .build();
    }
}
