package org.noprop.spark;

import java.io.Serializable;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
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
import scala.Tuple2;

/**
 * Writes the Parquet files of a split. Which rows a file holds, and in which order, follows from the ids
 * alone: the result is the same however many tasks have made the rows.
 */
final class EmbeddingWriter {
    /** Aimed at, so that files come out between 32 and 128 MB where there is that much. */
    private static final long FILE_BYTES = 80L << 20;

    private final SparkSession spark;
    private final ImageEmbedder embedder;
    private final EmbeddingDescription description;

    /** A writer of rows of an embedder, with what describes them in the columns' metadata. */
    EmbeddingWriter(SparkSession spark, ImageEmbedder embedder, EmbeddingDescription description) {
        this.spark = spark;
        this.embedder = embedder;
        this.description = description;
    }

    /**
     * Writes a split.
     *
     * @param images its images
     * @param rows how many they are
     * @param ids the ids that they lie between
     */
    void write(JavaRDD<Image> images, long rows, IdRange ids, String folder) {
        long bytes = rows * embedder.width() * embedder.storedBytesPerComponent();
        int files = (int) Math.max(1, Math.round((double) bytes / FILE_BYTES));
        Dataset<Row> table = spark.createDataset(sorted(images, ids, files).rdd(), Encoders.bean(EmbeddingRow.class))
                .select(
                        functions.col(EmbeddingFolder.ID),
                        functions.col(EmbeddingFolder.LABEL).as(EmbeddingFolder.LABEL, labelMetadata()),
                        functions.col(EmbeddingFolder.EMBEDDING).as(EmbeddingFolder.EMBEDDING, embeddingMetadata()));
        table.write().option("compression", "zstd").parquet(folder);
    }

    private JavaRDD<EmbeddingRow> sorted(JavaRDD<Image> images, IdRange ids, int files) {
        ImageEmbedder shipped = embedder;
        JavaPairRDD<Long, EmbeddingRow> rows = images.mapToPair(image ->
                new Tuple2<>(image.id(), new EmbeddingRow(image.id(), image.label(), shipped.embed(image.bytes()))));
        return rows.repartitionAndSortWithinPartitions(new FileOfId(ids, files)).values();
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

    /** Ids {@code first} … {@code first + count - 1}. */
    record IdRange(long first, long count) implements Serializable {}

    /** Neighbouring ids go to one file. */
    private static final class FileOfId extends Partitioner {
        private final IdRange ids;
        private final int files;

        FileOfId(IdRange ids, int files) {
            this.ids = ids;
            this.files = files;
        }

        @Override
        public int numPartitions() {
            return files;
        }

        @Override
        public int getPartition(Object id) {
            return (int) (((Long) id - ids.first()) * files / ids.count());
        }
    }
}
