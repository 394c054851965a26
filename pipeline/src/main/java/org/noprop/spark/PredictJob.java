package org.noprop.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunLock;
import org.noprop.data.TableFolder;
import org.noprop.inference.ModelFolder;

/**
 * Predicts images or image embeddings by an assembled model, and writes what it says as Parquet. Rows stream through
 * tasks, which hold a batch at a time and the model's blocks.
 */
public final class PredictJob {
    private static final String PREDICTION = "prediction";
    private static final String PROBABILITY = "probability";
    private static final String AGREEMENT = "agreement";
    private static final String ERROR = "error";
    private static final Set<String> OURS = Set.of(PREDICTION, PROBABILITY, AGREEMENT, ERROR);

    /** After how much silence of a job its output may be written by another. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(1);

    private final SparkSession session;
    private final Configuration hadoop;
    private final Request request;

    /**
     * What is wanted.
     *
     * @param model folder of the model
     * @param input Parquet or images, a file or a folder
     * @param output folder of Parquet to write
     * @param runs noisy runs to average over, 0 for one run without noise; empty for the model's own number
     * @param mostDamaged share of the rows that may be damaged, in [0, 1]
     * @param resize whether images of another size are resized or count as damaged
     */
    public record Request(
            String model, String input, String output, Optional<Integer> runs, double mostDamaged, boolean resize) {}

    /**
     * What came of it.
     *
     * @param rows how many rows there are
     * @param damaged how many of them could not be used
     * @param classes how many classes the predictions are of
     * @param known how many classes the model knows
     * @param leftOut how many files of the input were not tried, by reason
     * @param output where they are
     * @param missing columns of the input that the output lacks, with the reason
     */
    public record Summary(
            long rows,
            long damaged,
            long classes,
            int known,
            SortedMap<String, Long> leftOut,
            String output,
            Map<String, String> missing) {
        /** In one sentence. */
        public String sentence() {
            return "Predictions of " + (rows - damaged) + " rows as " + classes + " of " + known + " classes are in "
                    + output
                    + (damaged > 0 ? ", and " + damaged + " damaged ones with the reason in the column error" : "")
                    + (leftOut.isEmpty() ? "" : "; files left out: " + InputFiles.said(leftOut))
                    + (missing.isEmpty() ? "" : "; without columns of the input: " + withReasons());
        }

        private String withReasons() {
            return missing.entrySet().stream()
                    .map(column -> column.getKey() + " (" + column.getValue() + ")")
                    .collect(Collectors.joining(", "));
        }
    }

    /** The job of a request. */
    public PredictJob(SparkSession session, Request request) {
        this.session = session;
        this.hadoop = session.sparkContext().hadoopConfiguration();
        this.request = request;
    }

    /**
     * Predicts.
     *
     * @throws InvalidInputException if there is no model or no input, something is at the output already or another job
     *     is writing it, or more rows are damaged than may be
     */
    public Summary run() {
        requireFreeOutput();
        RunLock lock = RunLock.beside(hadoop, request.output(), "--output", "predict", LOCK_TIMEOUT);
        return Runs.holding(lock, session, this::predict);
    }

    private Summary predict() {
        requireFreeOutput();
        ModelAccess access = ModelAccess.of(hadoop, request.model());
        ModelFolder model = access.folder();
        SparkContext spark = session.sparkContext();
        InputFiles files =
                JobRetry.of(spark, "Listing --input", () -> InputFiles.list(hadoop, request.input(), "--input"));
        InputTable source = JobRetry.of(spark, "Looking through --input", () -> InputTable.read(session, files));
        if (source.images()) {
            ModelAccess.embedder(model);
        }
        Map<String, String> missing = new TreeMap<>(source.unreadable());
        Dataset<Row> rows = withoutOurs(source.rows(), missing);
        int runs = request.runs().orElse(model.settings().inference().runs());
        Dataset<Row> predicted = rows.mapPartitions(
                        new PredictTask(access, input(source), runs), Encoders.row(schema(rows.schema())))
                .withMetadata(PREDICTION, classNames(model));
        try (StageProgress progress = StageProgress.of(spark, "predict")) {
            progress.start();
            JobRetry.write(spark, predicted.write().format("parquet").option("compression", "zstd"), request.output());
        }
        return JobRetry.of(
                spark,
                "Counting predictions",
                () -> summary(model.description().classNames().size(), files.leftOut(), missing));
    }

    private PredictTask.Input input(InputTable source) {
        if (source.images()) {
            return request.resize() ? PredictTask.Input.IMAGES_TO_RESIZE : PredictTask.Input.IMAGES;
        }
        return PredictTask.Input.EMBEDDINGS;
    }

    private void requireFreeOutput() {
        TableFolder.at(hadoop, request.output()).requireNothing("give another --output, or delete it");
    }

    /** Spark tells no columns apart by upper and lower case; an input may itself be the output of a prediction. */
    private static Dataset<Row> withoutOurs(Dataset<Row> rows, Map<String, String> missing) {
        List<Column> kept = new ArrayList<>();
        for (String name : rows.columns()) {
            if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
                missing.put(name, "the output has its own of this name");
            } else {
                kept.add(ParquetTable.column(rows, name));
            }
        }
        return rows.select(kept.toArray(Column[]::new));
    }

    private static Metadata classNames(ModelFolder model) {
        return new MetadataBuilder()
                .putStringArray("classNames", model.description().classNames().toArray(String[]::new))
                .build();
    }

    private static StructType schema(StructType input) {
        List<StructField> fields = new ArrayList<>(Arrays.asList(input.fields()));
        fields.removeIf(field -> Set.of(InputTable.ID, InputTable.PAYLOAD).contains(field.name()));
        return new StructType(fields.toArray(StructField[]::new))
                .add(PREDICTION, DataTypes.IntegerType, true)
                .add(PROBABILITY, DataTypes.createArrayType(DataTypes.FloatType, false), true)
                .add(AGREEMENT, DataTypes.FloatType, true)
                .add(ERROR, DataTypes.StringType, true);
    }

    private Summary summary(int known, SortedMap<String, Long> leftOut, Map<String, String> missing) {
        Dataset<Row> written = InputTable.parquet(session, List.of(request.output()));
        Dataset<Row> damaged = written.filter(written.col(ERROR).isNotNull());
        Row counts = written.agg(
                        functions.count("*"),
                        functions.count(written.col(ERROR)),
                        functions.count_distinct(written.col(PREDICTION)))
                .head();
        Summary summary = new Summary(
                counts.getLong(0), counts.getLong(1), counts.getLong(2), known, leftOut, request.output(), missing);
        if (summary.damaged() > request.mostDamaged() * summary.rows()) {
            throw new InvalidInputException(summary.damaged() + " of " + summary.rows() + " rows of " + request.input()
                    + " are damaged, more than --max-damaged " + request.mostDamaged() + " allows: "
                    + DamagedImages.shown(named(damaged), summary.damaged()) + " (all of them: column " + ERROR + " in "
                    + request.output() + ")");
        }
        return summary;
    }

    /** By their file or id where they have one. */
    private static Dataset<Row> named(Dataset<Row> damaged) {
        List<String> columns = Arrays.asList(damaged.columns());
        Column name = Stream.of(InputTable.PATH, EmbeddingFolder.ID)
                .filter(columns::contains)
                .findFirst()
                .map(column -> functions.concat(functions.lit(column + " "), damaged.col(column)))
                .orElse(functions.lit(null).cast("string"));
        return damaged.select(name.as("name"), damaged.col(ERROR));
    }
}
