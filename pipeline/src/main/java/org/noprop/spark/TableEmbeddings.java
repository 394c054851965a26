package org.noprop.spark;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.noprop.data.Checksums;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Split;
import org.noprop.data.ValidationCut;
import scala.Tuple2;

/**
 * Rows of a table, which have labels and image embeddings already, as a folder of image embeddings. Their ids follow from
 * their values alone: in whatever order and partitions the rows come, the same rows make the same folder.
 */
final class TableEmbeddings {
    private static final String HASH = "hash";

    private final SparkSession session;
    private final Dataset<Row> rows;
    private final ValidationCut cut;
    private final Figures figures;

    /**
     * The rows of a table.
     *
     * @param table with the columns {@code label} (int) and {@code embedding} (array of float)
     * @param validationFraction share of the rows set aside, in [0, 1)
     * @throws InvalidInputException in one sentence, if there are no rows, or they cannot be learned from
     */
    TableEmbeddings(SparkSession session, Dataset<Row> table, double validationFraction) {
        this.session = session;
        this.cut = new ValidationCut(validationFraction);
        Column hash = functions.xxhash64(table.col(EmbeddingFolder.EMBEDDING), table.col(EmbeddingFolder.LABEL));
        this.rows = table.select(hash.as(HASH), table.col(EmbeddingFolder.LABEL), table.col(EmbeddingFolder.EMBEDDING));
        this.figures = Figures.of(rows);
    }

    /** What is true of all rows together, in whatever order. */
    private record Figures(long count, int width, String hash) {
        static Figures of(Dataset<Row> rows) {
            Column size = functions.size(rows.col(EmbeddingFolder.EMBEDDING));
            Column broken = rows.col(EmbeddingFolder.LABEL)
                    .isNull()
                    .or(rows.col(EmbeddingFolder.EMBEDDING).isNull())
                    .or(functions.exists(rows.col(EmbeddingFolder.EMBEDDING), value -> value.isNull()
                            .or(value.isNaN())));
            Row found = rows.agg(
                            functions.count(functions.lit(1)),
                            functions.min(size),
                            functions.max(size),
                            functions.expr("bit_xor(hash)"),
                            functions.sum(rows.col(HASH).cast("decimal(38,0)")),
                            functions.sum(functions.when(broken, 1).otherwise(0)))
                    .head();
            require(found.getLong(0) > 0, "There are no rows to train on");
            require(
                    found.getLong(5) == 0,
                    found.get(5) + " of " + found.getLong(0) + " rows have no label, or an image embedding with a value"
                            + " that is missing or no number");
            require(
                    found.getInt(1) == found.getInt(2),
                    "The image embeddings have from " + found.getInt(1) + " to " + found.getInt(2)
                            + " components; all must have the same number");
            return new Figures(found.getLong(0), found.getInt(1), found.get(3) + " " + found.get(4));
        }

        private static void require(boolean condition, String sentence) {
            if (!condition) {
                throw new InvalidInputException(sentence);
            }
        }
    }

    /** Of the rows: equal fingerprints, equal folders. */
    String fingerprint() {
        return Checksums.sha256(
                ("table\n" + figures + "\nvalidation-fraction=" + cut.fraction()).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes them, unless they are there.
     *
     * @param folder of a path of its own, of any Hadoop file system
     * @param classes m
     */
    void write(String folder, int classes) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
        if (EmbeddingFolder.isFinished(context.hadoopConfiguration(), folder)) {
            return;
        }
        EmbeddingFolder.clear(context.hadoopConfiguration(), folder);
        long validation = cut.count(figures.count);
        Map<Split, Long> counts = new TreeMap<>(
                Map.of(Split.TRAIN, figures.count - validation, Split.VALIDATION, validation, Split.TEST, 0L));
        List<String> names =
                IntStream.range(0, classes).mapToObj(String::valueOf).toList();
        EmbeddingDescription description = new EmbeddingDescription(
                Collections.singletonList(figures.width), names, counts, "{\"kind\":\"table\"}", fingerprint());
        EmbeddingWriter writer = new EmbeddingWriter(session, description, Float.BYTES);
        JavaRDD<EmbeddingRow> sorted = sorted();
        counts.forEach((split, count) -> {
            if (count > 0) {
                boolean aside = split == Split.VALIDATION;
                ValidationCut by = cut;
                JavaRDD<EmbeddingRow> own = sorted.filter(row -> by.holds(row.getId()) == aside);
                writer.write(own, EmbeddingFolder.splitFolder(folder, split));
            }
        });
        EmbeddingFolder.finish(
                context.hadoopConfiguration(), folder, description, new DatasetCard("a table", description).text());
    }

    /** With ids in the order of the hashes, and of labels and values where these are equal, in files of about one size. */
    private JavaRDD<EmbeddingRow> sorted() {
        int files = EmbeddingWriter.files(figures.count, figures.width, Float.BYTES);
        return rows.orderBy(HASH, EmbeddingFolder.LABEL, EmbeddingFolder.EMBEDDING)
                .javaRDD()
                .zipWithIndex()
                .mapToPair(row -> new Tuple2<>(row._2(), row._1()))
                .repartitionAndSortWithinPartitions(new IdRanges(figures.count, files))
                .map(row -> new EmbeddingRow(
                        row._1(),
                        row._2().getInt(1),
                        EmbeddingValues.of(row._2().<Float>getList(2))));
    }

    /** Cuts ids 0 … rows-1 into ranges of about one length. */
    private static final class IdRanges extends Partitioner {
        private final long rows;
        private final int ranges;

        IdRanges(long rows, int ranges) {
            this.rows = rows;
            this.ranges = ranges;
        }

        @Override
        public int numPartitions() {
            return ranges;
        }

        @Override
        public int getPartition(Object id) {
            return (int) ((Long) id * ranges / rows);
        }
    }
}
