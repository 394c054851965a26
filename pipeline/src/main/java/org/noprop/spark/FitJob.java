package org.noprop.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.noprop.config.ConfigPrinter;
import org.noprop.config.ConfigReader;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.ModelContent;
import org.noprop.data.RunFolder;
import org.noprop.data.RunLock;

/** Trains a model on the rows of a table by the jobs that train one on images: what Spark ML's Estimator does. */
final class FitJob {
    private static final String NAME = "fit";

    private final SparkSession session;
    private final List<String> settings;
    private final String folder;

    /**
     * The job of some settings.
     *
     * @param settings {@code key=value} each, as the command line takes them
     * @param folder of embeddings and runs; training goes on with what is there of the same settings and rows
     */
    FitJob(SparkSession session, List<String> settings, String folder) {
        this.session = session;
        this.settings = List.copyOf(settings);
        this.folder = folder;
    }

    /**
     * What came of it.
     *
     * @param model the assembled model
     * @param metrics a row for each epoch of each block
     * @param training what was trained, and in what time
     */
    record Fitted(ModelContent model, Dataset<Row> metrics, TrainingSummary training) {}

    /**
     * Trains.
     *
     * @param table with the columns {@code label} (double) and {@code embedding} (array of float)
     * @param classes m
     * @throws org.noprop.config.InvalidConfigException if settings are wrong
     * @throws org.noprop.data.InvalidInputException if the rows cannot be learned from
     */
    Fitted run(Dataset<Row> table, int classes) {
        double validation = ConfigReader.read(NAME, settings).data().validationFraction();
        TableEmbeddings rows = new TableEmbeddings(session, labelled(table, classes), "of the table", validation);
        String data = rows.fingerprint().substring(0, 16);
        List<String> all = new ArrayList<>(settings);
        all.add("run.dir=" + folder + "/runs");
        all.add("data.embeddings=" + folder + "/embeddings/" + data);
        NoPropConfig config = ConfigReader.read(NAME, all);
        writeOnce(rows, config);
        Runs runs = new Runs(session, config, all, Map.of());
        RunFolder run = runs.named(
                NAME + "-" + data + "-" + ConfigPrinter.settingsHash(config).substring(0, 16));
        return runs.workWhenFree(run, NAME, () -> fit(config, run));
    }

    private static LabelledTable labelled(Dataset<Row> table, int classes) {
        Column label = table.col(EmbeddingFolder.LABEL);
        Column number = label.cast("int");
        Column isClass = number.cast("double").equalTo(label).and(number.between(0, classes - 1));
        Dataset<Row> rows = table.select(
                functions.when(isClass, number).as(LabelledTable.LABEL),
                functions
                        .when(label.isNull(), "it has no label")
                        .when(isClass, functions.lit(null))
                        .otherwise(functions.concat(
                                functions.lit("its label is "),
                                label.cast("string"),
                                functions.lit(", where labels are whole numbers from 0 to " + (classes - 1))))
                        .as(LabelledTable.UNKNOWN),
                functions.lit(null).cast("string").as(LabelledTable.NAME),
                table.col(EmbeddingFolder.EMBEDDING).as(InputTable.PAYLOAD),
                functions.lit(false).as(LabelledTable.TEST));
        List<String> names =
                IntStream.range(0, classes).mapToObj(String::valueOf).toList();
        return new LabelledTable(rows, names, false, Map.of());
    }

    /** Embeddings of equal rows lie in equal folders; of fits of the same rows at once, one writes them. */
    private void writeOnce(TableEmbeddings rows, NoPropConfig config) {
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        String embeddings = config.data().embeddings();
        if (EmbeddingFolder.isFinished(hadoop, embeddings)) {
            return;
        }
        RunLock lock = EmbeddingFolder.lockWhenFree(
                hadoop, embeddings, NAME, config.run().lockTimeout());
        Runs.holding(lock, session, () -> {
            if (!EmbeddingFolder.isFinished(hadoop, embeddings)) {
                JobRetry.of(session.sparkContext(), "Writing the rows", () -> {
                    EmbeddingFolder.begin(hadoop, embeddings, NAME);
                    rows.write(embeddings);
                    return embeddings;
                });
            }
            return embeddings;
        });
    }

    private Fitted fit(NoPropConfig config, RunFolder run) {
        TrainingSummary training = new TrainBlocksJob(session, config, run).run(true);
        EmbeddingFolder embeddings = EmbeddingFolder.open(
                session.sparkContext().hadoopConfiguration(), config.data().embeddings());
        EmbeddingDescription description = embeddings.description();
        ModelAssembly.write(config, run, TrainingPlans.of(config, description, run), embeddings);
        return new Fitted(run.model().content(), metrics(run, config.diffusion().groups()), training);
    }

    /** The lines of the blocks' metrics, with the block's number. */
    private Dataset<Row> metrics(RunFolder run, int blocks) {
        List<String> lines = new ArrayList<>();
        for (int t = 1; t <= blocks; t++) {
            String number = "{\"block\":" + t + ",";
            run.block(t).metrics().forEach(line -> lines.add(number + line.substring(1)));
        }
        return session.read()
                .json(session.createDataset(lines, Encoders.STRING()))
                .orderBy("block", "epoch");
    }
}
