package org.noprop.spark;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Rows of a table, which have labels and image embeddings already, as a folder of image embeddings. Their ids follow from
 * their values alone: in whatever order and partitions the rows come, the same rows make the same folder.
 */
final class TableEmbeddings implements EmbeddingOrigin {
    private static final Logger LOG = LoggerFactory.getLogger(TableEmbeddings.class);
    private static final String HASH = "hash";

    private static final int FEWEST_TRAINING_ROWS = 2;
    private static final int FEW_ROWS = 10;
    private static final int LOPSIDED = 100;
    private static final int MOST_SHOWN = 5;

    private final SparkSession session;
    private final Dataset<Row> rows;
    private final List<String> classNames;
    private final Map<String, Long> leftOut;
    private final ValidationCut cut;
    private final Figures figures;

    /**
     * The rows of a table.
     *
     * @param table of image embeddings
     * @param where the rows are, for messages: {@code in data/x}
     * @param validationFraction share of the training rows set aside, in [0, 1)
     * @throws InvalidInputException in one sentence, if there are no rows, or they cannot be learned from
     */
    TableEmbeddings(SparkSession session, LabelledTable table, String where, double validationFraction) {
        this.session = session;
        this.classNames = table.classNames();
        this.leftOut = table.leftOut();
        this.cut = new ValidationCut(validationFraction);
        Dataset<Row> all = table.rows();
        Column embedding = all.col(InputTable.PAYLOAD);
        Column label = all.col(LabelledTable.LABEL);
        this.rows = all.select(
                NumberedRows.hash(embedding, label).as(HASH),
                label.as(EmbeddingFolder.LABEL),
                embedding.as(EmbeddingFolder.EMBEDDING),
                all.col(LabelledTable.TEST));
        this.figures = figures(all, where);
    }

    /** What is true of all rows together, in whatever order. */
    private record Figures(long train, long test, int width, String hash) {
        long count(Part part) {
            return part == Part.TRAIN ? train : test;
        }
    }

    private Figures figures(Dataset<Row> all, String where) {
        TableFigures found = TableFigures.of(all);
        require(found.rows() > 0, "There are no rows to train on " + where);
        Column embedding = all.col(InputTable.PAYLOAD);
        Column size = functions.size(embedding);
        Column broken = broken(all);
        Row counts = all.agg(
                        functions.count(broken),
                        functions.min(size),
                        functions.max(size),
                        functions.count_distinct(NumberedRows.hash(embedding, all.col(LabelledTable.LABEL))))
                .head();
        if (counts.getLong(0) > 0) {
            throw refused(all, broken, counts.getLong(0), found.rows(), where);
        }
        int width = counts.getInt(2);
        if (counts.getInt(1) < width) {
            Column shorter = functions.when(
                    size.lt(width),
                    functions.concat(
                            functions.lit("its image embedding has "),
                            size,
                            functions.lit(" values where that of others has " + width)));
            throw refused(all, shorter, all.filter(size.lt(width)).count(), found.rows(), where);
        }
        long[] rowsOf = new long[classNames.size()];
        all.filter(functions.not(all.col(LabelledTable.TEST)))
                .groupBy(LabelledTable.LABEL)
                .count()
                .collectAsList()
                .forEach(row -> rowsOf[row.getInt(0)] = row.getLong(1));
        long train = LongStream.of(rowsOf).sum();
        requireTraining(rowsOf, train, where);
        warn(rowsOf, found.rows() - counts.getLong(3), where);
        return new Figures(train, found.rows() - train, width, found.hash());
    }

    /** What is wrong with a row, as text; null where nothing is. */
    private static Column broken(Dataset<Row> all) {
        Column embedding = all.col(InputTable.PAYLOAD);
        Column infinite = functions.lit(Float.POSITIVE_INFINITY);
        return functions.coalesce(
                all.col(LabelledTable.UNKNOWN),
                functions
                        .when(embedding.isNull(), "it has no image embedding")
                        .when(functions.size(embedding).equalTo(0), "its image embedding is empty")
                        .when(
                                functions.exists(embedding, Column::isNull),
                                "its image embedding has a value that is missing or no number")
                        .when(
                                functions.exists(embedding, Column::isNaN),
                                "its image embedding has a value that is not a number (NaN)")
                        .when(
                                functions.exists(
                                        embedding, value -> functions.abs(value).equalTo(infinite)),
                                "its image embedding has a value that is infinite as a 32-bit float"));
    }

    /** Names the first of the rows with something wrong. */
    private static InvalidInputException refused(Dataset<Row> all, Column broken, long count, long rows, String where) {
        Tuple2<Row, Long> first = all.select(all.col(LabelledTable.NAME), broken)
                .javaRDD()
                .zipWithIndex()
                .filter(row -> !row._1().isNullAt(1))
                .first();
        String name = first._1().isNullAt(0) ? "row " + first._2() : first._1().getString(0);
        return new InvalidInputException(count + " of " + rows + " rows " + where + " cannot be learned from, such as "
                + name + ": " + first._1().getString(1) + "; correct these rows, or leave them out");
    }

    private void requireTraining(long[] rowsOf, long train, String where) {
        require(train > 0, "There are no training rows " + where);
        long left = train - cut.count(train);
        require(
                left >= FEWEST_TRAINING_ROWS,
                "There " + (left == 1 ? "is 1 training row" : "are " + left + " training rows") + " " + where
                        + (left < train ? ", beside " + (train - left) + " set aside for validation" : "")
                        + ", and a block learns from " + FEWEST_TRAINING_ROWS + " at least; give more rows");
        List<String> with = classes(rowsOf, 1, Long.MAX_VALUE);
        require(
                with.size() > 1,
                "All " + train + " training rows " + where + " are of class " + with.get(0)
                        + ": there is nothing to tell apart");
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new InvalidInputException(sentence);
        }
    }

    /**
     * Requires rows of a test part.
     *
     * @param where the rows are
     * @throws InvalidInputException if there are none
     */
    TableEmbeddings requireTest(String where) {
        require(
                figures.test > 0,
                "There is no test row " + where + "; give more rows, or some in a file whose name begins with test");
        return this;
    }

    /** Of what is no mistake, but seldom wanted. */
    private void warn(long[] rowsOf, long twice, String where) {
        warnOfClasses("without a training row", classes(rowsOf, 0, 0), where);
        warnOfClasses("with fewer than " + FEW_ROWS + " training rows", classes(rowsOf, 1, FEW_ROWS - 1), where);
        long most = LongStream.of(rowsOf).max().orElseThrow();
        long fewest = LongStream.of(rowsOf).filter(count -> count > 0).min().orElseThrow();
        if (most >= LOPSIDED * fewest) {
            LOG.warn("The largest class has {} training rows and the smallest {}, {}", most, fewest, where);
        }
        if (twice > 0) {
            LOG.warn("{} rows have the values and the class of another one, {}", twice, where);
        }
    }

    private static void warnOfClasses(String how, List<String> classes, String where) {
        if (!classes.isEmpty()) {
            LOG.warn(
                    "{} {} {}: {}{}",
                    classes.size() == 1 ? "1 class" : classes.size() + " classes",
                    how,
                    where,
                    String.join(", ", classes.subList(0, Math.min(MOST_SHOWN, classes.size()))),
                    classes.size() > MOST_SHOWN ? ", …" : "");
        }
    }

    /** Those with so many rows. */
    private List<String> classes(long[] rowsOf, long from, long to) {
        return IntStream.range(0, rowsOf.length)
                .filter(label -> rowsOf[label] >= from && rowsOf[label] <= to)
                .mapToObj(classNames::get)
                .toList();
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
                Collections.singletonList(figures.width),
                classNames,
                counts,
                "{\"kind\":\"table\"}",
                fingerprint(),
                leftOut);
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
