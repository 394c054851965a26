package org.noprop.spark;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.DataConfig;
import org.noprop.config.EmbeddingConfig;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunLock;
import org.noprop.data.Split;
import org.noprop.data.ValidationCut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns images into Parquet files of image embeddings, one folder a split, under
 * {@code noprop.data.embeddings}. Tasks read or draw the images; the embedder's figures come from the
 * training split alone. {@code embeddings.json} is written last and makes the folder valid.
 */
public final class PreprocessJob {
    private static final Logger log = LoggerFactory.getLogger(PreprocessJob.class);

    private final SparkSession spark;
    private final NoPropConfig config;
    private final String folder;

    /** The job of a configuration. */
    public PreprocessJob(SparkSession spark, NoPropConfig config) {
        this.spark = spark;
        this.config = config;
        this.folder = config.data().embeddings();
    }

    /**
     * Writes the embeddings.
     *
     * @param resume keep embeddings that are there already, if they are those of this configuration
     * @throws InvalidInputException if embeddings are there and {@code resume} is not given, or they are
     *     others; if another job is writing that folder; if it lies where the images do, or holds anybody's files; or if
     *     the source's files cannot be used
     */
    public void run(boolean resume) {
        if (config.data().kind() != DataConfig.Kind.DIGITS) {
            config.data().path().ifPresent(source -> EmbeddingFolder.requireApart(hadoop(), folder, source));
        }
        if (EmbeddingFolder.isFinished(hadoop(), folder)) {
            write(resume);
            return;
        }
        RunLock lock = EmbeddingFolder.lock(
                hadoop(), folder, "preprocess", config.run().lockTimeout());
        Runs.holding(lock, spark, () -> {
            write(resume);
            return folder;
        });
    }

    private void write(boolean resume) {
        boolean finished = EmbeddingFolder.isFinished(hadoop(), folder);
        if (finished && !resume) {
            throw new InvalidInputException("Embeddings are already in " + folder
                    + "; give --resume to keep them, or another noprop.data.embeddings");
        }
        ImageSources.fetch(config.data(), hadoop());
        try (StageProgress progress = StageProgress.of(spark.sparkContext(), "preprocess")) {
            progress.start();
            EmbeddingOrigin origin = origin();
            if (finished) {
                keep(origin.fingerprint());
            } else {
                JobRetry.of(spark.sparkContext(), "Preprocessing", () -> {
                    EmbeddingFolder.begin(hadoop(), folder, "preprocess");
                    origin.write(folder);
                    return folder;
                });
                written();
            }
        }
    }

    /**
     * Whether finished embeddings of this very configuration and source are there.
     *
     * @throws InvalidInputException if the source's files cannot be used
     */
    public boolean upToDate() {
        return EmbeddingFolder.isFinished(hadoop(), folder) && found().equals(origin().fingerprint());
    }

    /** Some look through all of the source at once. */
    private EmbeddingOrigin origin() {
        return JobRetry.of(spark.sparkContext(), "Looking through the source", this::newOrigin);
    }

    private EmbeddingOrigin newOrigin() {
        DataConfig data = config.data();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        return switch (data.kind()) {
            case EMBEDDINGS -> embeddings(data);
            case FOLDER, PARQUET -> new ImageEmbeddings(spark, config, new FilesOrigin(spark, data));
            default -> new ImageEmbeddings(
                    spark,
                    config,
                    new SourceImages(context, ImageSources.of(data), new ValidationCut(data.validationFraction())));
        };
    }

    private EmbeddingOrigin embeddings(DataConfig data) {
        if (config.embedding().kind() != EmbeddingConfig.Kind.PIXELS
                || config.embedding().augmentation().crops() > 0
                || config.embedding().augmentation().flip()) {
            throw new InvalidInputException("With noprop.data.kind = embeddings there are no images to embed; leave"
                    + " noprop.embedding at its defaults");
        }
        String where = "in " + data.path().orElseThrow();
        return new TableEmbeddings(spark, LabelledTable.read(spark, data), where, data.validationFraction())
                .requireTest(where);
    }

    private void keep(String fingerprint) {
        if (!found().equals(fingerprint)) {
            throw new InvalidInputException("Embeddings in " + folder + " were made from other images or settings;"
                    + " delete that folder, or give another noprop.data.embeddings");
        }
        log.info("Keeping the embeddings in {}", folder);
    }

    private void written() {
        EmbeddingDescription description = description();
        Map<Split, Long> rows = description.rows();
        log.info(
                "Embeddings of {} training, {} validation and {} test images of {} classes, {} values each, are in {};"
                        + " left out: {}",
                rows.getOrDefault(Split.TRAIN, 0L),
                rows.getOrDefault(Split.VALIDATION, 0L),
                rows.getOrDefault(Split.TEST, 0L),
                description.classes(),
                description.width(),
                folder,
                InputFiles.said(description.leftOut()));
    }

    private String found() {
        return description().fingerprint();
    }

    private EmbeddingDescription description() {
        return EmbeddingFolder.open(hadoop(), folder).description();
    }

    private Configuration hadoop() {
        return spark.sparkContext().hadoopConfiguration();
    }
}
