package org.noprop.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
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
    private final ImageEmbedder embedder;
    private final EmbeddingDescription description;

    EmbeddingWriter(SparkSession spark, ImageEmbedder embedder, EmbeddingDescription description) {
        this.spark = spark;
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.embedder = embedder;
        this.description = description;
    }

    /** How many files so many rows go to. */
    int files(long rows) {
        long bytes = rows * embedder.width() * embedder.storedBytesPerComponent();
        return (int) Math.max(1, Math.round((double) bytes / FILE_BYTES));
    }

    /**
     * Writes a split.
     *
     * @param images its images in the order of their ids, a partition for each file
     */
    void write(JavaRDD<Image> images, String folder) {
        Broadcast<ImageEmbedder> shipped = context.broadcast(embedder);
        JavaRDD<EmbeddingRow> rows = images.mapPartitions(partition -> new EmbeddedImages(partition, shipped.value()));
        Dataset<EmbeddingRow> table = spark.createDataset(rows.rdd(), Encoders.bean(EmbeddingRow.class));
        table.select(
                        functions.col(EmbeddingFolder.ID),
                        functions.col(EmbeddingFolder.LABEL).as(EmbeddingFolder.LABEL, labelMetadata()),
                        functions.col(EmbeddingFolder.EMBEDDING).as(EmbeddingFolder.EMBEDDING, embeddingMetadata()))
                .write()
                .option("compression", "zstd")
                .option(ROW_GROUP_SETTING, rowGroupBytes())
                .parquet(folder);
        shipped.destroy();
    }

    /** As Parquet counts them, encoded but not compressed; Hadoop's configuration may say otherwise. */
    private long rowGroupBytes() {
        long encoded = ROW_GROUP_BYTES * embedder.storedBytesPerComponent() / Float.BYTES;
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
