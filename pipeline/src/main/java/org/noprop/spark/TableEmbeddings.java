package org.noprop.spark;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
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
import org.noprop.data.ImageSource.Part;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Split;
import org.noprop.data.ValidationCut;

/**
 * Rows of a table, which have labels and image embeddings already, as a folder of image embeddings. Their ids follow from
 * their values alone: in whatever order and partitions the rows come, the same rows make the same folder.
 */
final class TableEmbeddings implements EmbeddingOrigin {
    private static final String HASH = "hash";

    private final SparkSession session;
    private final Dataset<Row> rows;
    private final List<String> classNames;
    private final ValidationCut cut;
    private final Figures figures;

    /**
     * The rows of a table.
     *
     * @param table of image embeddings
     * @param validationFraction share of the training rows set aside, in [0, 1)
     * @throws InvalidInputException in one sentence, if there are no rows, or they cannot be learned from
     */
    TableEmbeddings(SparkSession session, LabelledTable table, double validationFraction) {
        this.session = session;
        this.classNames = table.classNames();
        this.cut = new ValidationCut(validationFraction);
        Dataset<Row> all = table.rows();
        Column embedding = all.col(InputTable.PAYLOAD);
        Column label = all.col(LabelledTable.LABEL);
        this.rows = all.select(
                NumberedRows.hash(embedding, label).as(HASH),
                label.as(EmbeddingFolder.LABEL),
                embedding.as(EmbeddingFolder.EMBEDDING),
                all.col(LabelledTable.TEST));
        this.figures = Figures.of(rows, TableFigures.of(all));
    }

    /** What is true of all rows together, in whatever order. */
    private record Figures(long train, long test, int width, String hash) {
        static Figures of(Dataset<Row> rows, TableFigures all) {
            require(all.rows() > 0, "There are no rows to train on");
            Column embedding = rows.col(EmbeddingFolder.EMBEDDING);
            Column size = functions.size(embedding);
            Column broken = rows.col(EmbeddingFolder.LABEL)
                    .isNull()
                    .or(embedding.isNull())
                    .or(functions.exists(embedding, value -> value.isNull().or(value.isNaN())));
            Row found = rows.agg(
                            functions.min(size),
                            functions.max(size),
                            functions.count_if(broken),
                            functions.count_if(rows.col(LabelledTable.TEST)))
                    .head();
            require(
                    found.getLong(2) == 0,
                    found.get(2) + " of " + all.rows() + " rows have no label, or an image embedding with a value"
                            + " that is missing or no number");
            require(
                    found.getInt(0) == found.getInt(1),
                    "The image embeddings have from " + found.getInt(0) + " to " + found.getInt(1)
                            + " components; all must have the same number");
            require(all.rows() > found.getLong(3), "There are no rows to train on");
            return new Figures(all.rows() - found.getLong(3), found.getLong(3), found.getInt(0), all.hash());
        }

        private static void require(boolean condition, String sentence) {
            if (!condition) {
                throw new InvalidInputException(sentence);
            }
        }

        long count(Part part) {
            return part == Part.TRAIN ? train : test;
        }
    }

    @Override
    public String fingerprint() {
        return Checksums.sha256(
                ("table\n" + figures + "\nclasses=" + classNames + "\nvalidation-fraction=" + cut.fraction())
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void write(String folder) {
        long validation = cut.count(figures.train);
        Map<Split, Long> counts = new TreeMap<>(Map.of(
                Split.TRAIN, figures.train - validation, Split.VALIDATION, validation, Split.TEST, figures.test));
        EmbeddingDescription description = new EmbeddingDescription(
                Collections.singletonList(figures.width), classNames, counts, "{\"kind\":\"table\"}", fingerprint());
        EmbeddingWriter writer = new EmbeddingWriter(session, description, Float.BYTES);
        JavaRDD<EmbeddingRow> train = sorted(Part.TRAIN);
        counts.forEach((split, count) -> {
            if (count > 0) {
                ValidationCut by = cut;
                JavaRDD<EmbeddingRow> own = split == Split.TEST
                        ? sorted(Part.TEST)
                        : train.filter(row -> by.holds(row.getId()) == (split == Split.VALIDATION));
                writer.write(own, EmbeddingFolder.splitFolder(folder, split));
            }
        });
        EmbeddingFolder.finish(
                JavaSparkContext.fromSparkContext(session.sparkContext()).hadoopConfiguration(),
                folder,
                description,
                new DatasetCard("a table", description).text());
    }

    /** With ids in the order of the hashes, and of labels and values where these are equal, in files of about one size. */
    private JavaRDD<EmbeddingRow> sorted(Part part) {
        long count = figures.count(part);
        Dataset<Row> own = rows.filter(rows.col(LabelledTable.TEST).equalTo(part == Part.TEST));
        JavaPairRDD<Long, Row> numbered = NumberedRows.of(
                own,
                functions.col(HASH),
                functions.col(EmbeddingFolder.LABEL),
                functions.col(EmbeddingFolder.EMBEDDING));
        return NumberedRows.inRanges(numbered, count, EmbeddingWriter.files(count, figures.width, Float.BYTES))
                .map(row -> new EmbeddingRow(
                        part.id(row._1()),
                        row._2().getInt(1),
                        EmbeddingValues.of(row._2().<Float>getList(2))));
    }
}
