package org.noprop.spark;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.config.AugmentationConfig;
import org.noprop.config.EmbeddingConfig;
import org.noprop.config.NoPropConfig;
import org.noprop.data.Augmentation;
import org.noprop.data.Checksums;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.Image;
import org.noprop.data.ImageSource;
import org.noprop.data.ImageSourceSummary;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Split;
import org.noprop.data.ValidationCut;
import org.noprop.embedding.ImageEmbedder;
import org.noprop.embedding.PixelEmbedder;
import org.noprop.embedding.PixelStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns images into Parquet files of image embeddings, one folder a split, under
 * {@code noprop.data.embeddings}. Tasks read or draw the images; the embedder's figures come from the
 * training split alone. {@code embeddings.json} is written last and makes the folder valid.
 */
public final class PreprocessJob {
    private static final Logger log = LoggerFactory.getLogger(PreprocessJob.class);

    /** To be changed whenever the same source and settings give other rows than before. */
    private static final int VERSION = 1;

    private final SparkSession spark;
    private final JavaSparkContext context;
    private final NoPropConfig config;
    private final String folder;

    /** The job of a configuration. */
    public PreprocessJob(SparkSession spark, NoPropConfig config) {
        this.spark = spark;
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.config = config;
        this.folder = config.data().embeddings();
    }

    /**
     * Writes the embeddings.
     *
     * @param resume keep embeddings that are there already, if they are those of this configuration
     * @throws InvalidInputException if embeddings are there and {@code resume} is not given, or they are
     *     others; or if the source's files cannot be used
     */
    public void run(boolean resume) {
        boolean finished = EmbeddingFolder.isFinished(hadoop(), folder);
        if (finished && !resume) {
            throw new InvalidInputException("Embeddings are already in " + folder
                    + "; give --resume to keep them, or another noprop.data.embeddings");
        }
        ImageSource source = ImageSources.of(config.data());
        ImageSourceSummary summary = source.inspect(hadoop());
        String fingerprint = fingerprint(summary);
        if (finished) {
            keep(fingerprint);
        } else {
            EmbeddingFolder.clear(hadoop(), folder);
            write(source, summary, fingerprint);
        }
    }

    /**
     * Whether finished embeddings of this very configuration and source are there.
     *
     * @throws InvalidInputException if the source's files cannot be used
     */
    public boolean upToDate() {
        return EmbeddingFolder.isFinished(hadoop(), folder)
                && found().equals(fingerprint(ImageSources.of(config.data()).inspect(hadoop())));
    }

    private void keep(String fingerprint) {
        if (!found().equals(fingerprint)) {
            throw new InvalidInputException("Embeddings in " + folder + " were made from other images or settings;"
                    + " delete that folder, or give another noprop.data.embeddings");
        }
        log.info("Keeping the embeddings in {}", folder);
    }

    private String found() {
        return EmbeddingFolder.open(hadoop(), folder).description().fingerprint();
    }

    private void write(ImageSource source, ImageSourceSummary summary, String fingerprint) {
        ValidationCut cut = new ValidationCut(config.data().validationFraction());
        ImageSlices images = new ImageSlices(source, cut, new SerializableConfiguration(hadoop()));
        Map<Split, Long> rows = rows(cut, summary);
        ImageEmbedder embedder = embedder(source, images, summary, summary.trainImages() - rows.get(Split.VALIDATION));
        EmbeddingDescription description = new EmbeddingDescription(
                embedder.shape(), summary.classNames(), rows, embedder.description(), fingerprint);
        EmbeddingWriter writer = new EmbeddingWriter(spark, description, embedder.storedBytesPerComponent());
        rows.forEach((split, count) -> {
            if (count > 0) {
                long scanned = summary.images(ImageSlices.part(split));
                context.setJobDescription("preprocess: " + split.folder());
                writer.write(
                        withCopies(split, images.read(context, split, scanned, files(embedder, split, count)), source),
                        embedder,
                        EmbeddingFolder.splitFolder(folder, split));
            }
        });
        context.setJobDescription(null);
        String card = new DatasetCard(source.name(), description).text();
        if (!embedder.tensors().isEmpty()) {
            EmbeddingFolder.writeTensors(hadoop(), folder, embedder.tensors());
        }
        EmbeddingFolder.finish(hadoop(), folder, description, card);
        log.info("Embeddings of {} are in {}: {} rows of {} values", source.name(), folder, rows, embedder.width());
    }

    /** Files of a split's images without their copies, which have as many each. */
    private int files(ImageEmbedder embedder, Split split, long rows) {
        return EmbeddingWriter.files(
                split == Split.TRAIN ? rows / (1 + augmentation().count()) : rows,
                embedder.width(),
                embedder.storedBytesPerComponent());
    }

    /** The training images, then their copies, so that ids ascend; other images as they are. */
    private JavaRDD<Image> withCopies(Split split, JavaRDD<Image> images, ImageSource source) {
        JavaRDD<Image> all = images;
        if (split == Split.TRAIN) {
            for (Augmentation.Copy copy : augmentation().copies(source)) {
                all = all.union(images.map(copy::of));
            }
        }
        return all;
    }

    private Augmentation augmentation() {
        AugmentationConfig augmentation = config.embedding().augmentation();
        return new Augmentation(augmentation.flip(), augmentation.crops(), augmentation.padding());
    }

    private Map<Split, Long> rows(ValidationCut cut, ImageSourceSummary summary) {
        long validation = cut.count(summary.trainImages());
        Map<Split, Long> rows = new EnumMap<>(Split.class);
        rows.put(
                Split.TRAIN,
                (summary.trainImages() - validation) * (1 + augmentation().count()));
        rows.put(Split.VALIDATION, validation);
        rows.put(Split.TEST, summary.testImages());
        return rows;
    }

    private ImageEmbedder embedder(ImageSource source, ImageSlices images, ImageSourceSummary summary, long rows) {
        return switch (config.embedding().kind()) {
            case PIXELS -> pixels(source, images, summary);
            case PATCHES -> new PatchFitting(context, images, summary.trainImages(), rows)
                    .fit(config.embedding().patches());
        };
    }

    private ImageEmbedder pixels(ImageSource source, ImageSlices images, ImageSourceSummary summary) {
        context.setJobDescription("preprocess: statistics");
        PixelStatistics statistics = images.read(
                        context, Split.TRAIN, summary.trainImages(), context.defaultParallelism() * 2)
                .treeAggregate(
                        new PixelStatistics(source.channels()),
                        (sum, image) -> sum.add(image.bytes()),
                        PixelStatistics::merge);
        return new PixelEmbedder(source.height(), source.width(), statistics);
    }

    private String fingerprint(ImageSourceSummary summary) {
        EmbeddingConfig embedding = config.embedding();
        String embedder = embedding.kind() == EmbeddingConfig.Kind.PATCHES
                ? embedding.kind() + " " + embedding.patches()
                : String.valueOf(embedding.kind());
        String copies = augmentation().count() > 0 ? "\ncopies=" + augmentation() : "";
        String origin = "version=" + VERSION + "\n" + summary.fingerprint() + "\nembedding="
                + embedder + "\nvalidation-fraction="
                + config.data().validationFraction() + copies;
        return Checksums.sha256(origin.getBytes(StandardCharsets.UTF_8));
    }

    private Configuration hadoop() {
        return context.hadoopConfiguration();
    }
}
