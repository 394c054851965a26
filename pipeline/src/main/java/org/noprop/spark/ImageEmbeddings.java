package org.noprop.spark;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.AugmentationConfig;
import org.noprop.config.EmbeddingConfig;
import org.noprop.config.NoPropConfig;
import org.noprop.config.PatchesConfig;
import org.noprop.data.Augmentation;
import org.noprop.data.Distortion;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.Image;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.Split;
import org.noprop.data.ValidationCut;
import org.noprop.embedding.ImageEmbedder;
import org.noprop.embedding.PixelEmbedder;
import org.noprop.embedding.PixelStatistics;
import org.noprop.tensor.ImageShape;

/** The image embeddings of images, by the embedder of a configuration. */
final class ImageEmbeddings implements EmbeddingOrigin {
    /** To be changed whenever the same source and settings give other rows than before. */
    private static final int VERSION = 1;

    private final SparkSession spark;
    private final JavaSparkContext context;
    private final NoPropConfig config;
    private final ImageOrigin origin;

    ImageEmbeddings(SparkSession spark, NoPropConfig config, ImageOrigin origin) {
        this.spark = spark;
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.config = config;
        this.origin = origin;
    }

    @Override
    public String fingerprint() {
        EmbeddingConfig embedding = config.embedding();
        Augmentation copies = augmentation();
        Distortion distortion = copies.distortion();
        return new Fingerprint()
                .line("version=%s", VERSION)
                .line("%s", origin.fingerprint())
                .line(
                        "embedding=%s%s",
                        embedding.kind(),
                        embedding.kind() == EmbeddingConfig.Kind.PATCHES ? " " + text(embedding.patches()) : "")
                .line("validation-fraction=%s", config.data().validationFraction())
                .lineUnless(
                        copies.count() == 0,
                        "copies=Augmentation[flip=%s, crops=%s, padding=%s, distortion=Distortion[rotation=%s, scale=%s,"
                                + " shear=%s]]",
                        copies.flip(),
                        copies.crops(),
                        copies.padding(),
                        distortion.rotation(),
                        distortion.scale(),
                        distortion.shear())
                .hash();
    }

    private static String text(PatchesConfig patches) {
        return String.format(
                Locale.ROOT,
                "PatchesConfig[size=%s, stride=%s, contrast=%s, whitening=%s, unitLength=%s, count=%s, dictionary=%s,"
                        + " kMeansRounds=%s, sample=%s, encoding=%s, threshold=%s, neighbours=%s, pooling=%s, squareRoot=%s,"
                        + " mirror=%s, rows=%s, reduction=%s, regulariser=%s, seed=%s]",
                patches.size(),
                patches.stride(),
                patches.contrast(),
                patches.whitening(),
                patches.unitLength(),
                patches.count(),
                patches.dictionary(),
                patches.kMeansRounds(),
                patches.sample(),
                patches.encoding(),
                patches.threshold(),
                patches.neighbours(),
                patches.pooling(),
                patches.squareRoot(),
                patches.mirror(),
                patches.rows(),
                patches.reduction(),
                patches.regulariser(),
                patches.seed());
    }

    @Override
    public void write(String folder) {
        try (LabelledImages images = origin.open(folder)) {
            write(images, folder);
        } finally {
            context.setJobDescription(null);
        }
    }

    private void write(LabelledImages images, String folder) {
        Map<Split, Long> rows = rows(images);
        ImageEmbedder embedder = embedder(images, images.count(Part.TRAIN) - rows.get(Split.VALIDATION));
        EmbeddingDescription description = new EmbeddingDescription(
                embedder.shape(), images.classNames(), rows, embedder.description(), fingerprint(), origin.leftOut());
        EmbeddingWriter writer = new EmbeddingWriter(spark, description, embedder.storedBytesPerComponent());
        rows.forEach((split, count) -> {
            if (count > 0) {
                context.setJobDescription("preprocess: " + split.folder());
                writer.write(
                        withCopies(split, images.read(split, files(embedder, split, count)), images.shape()),
                        embedder,
                        EmbeddingFolder.splitFolder(folder, split));
            }
        });
        context.setJobDescription("preprocess: pictures");
        EmbeddingFolder.writePictures(context.hadoopConfiguration(), folder, FirstImages.of(images));
        String card = new DatasetCard(origin.name(), description).text();
        if (!embedder.tensors().isEmpty()) {
            EmbeddingFolder.writeTensors(context.hadoopConfiguration(), folder, embedder.tensors());
        }
        EmbeddingFolder.finish(context.hadoopConfiguration(), folder, description, card);
    }

    /** Files of a split's images without their copies, which have as many each. */
    private int files(ImageEmbedder embedder, Split split, long rows) {
        return EmbeddingWriter.files(
                split == Split.TRAIN ? rows / (1 + augmentation().count()) : rows,
                embedder.width(),
                embedder.storedBytesPerComponent());
    }

    /** The training images, then their copies, so that ids ascend; other images as they are. */
    private JavaRDD<Image> withCopies(Split split, JavaRDD<Image> images, ImageShape shape) {
        JavaRDD<Image> all = images;
        if (split == Split.TRAIN) {
            for (Augmentation.Copy copy : augmentation().copies(shape)) {
                all = all.union(images.map(copy::of));
            }
        }
        return all;
    }

    private Augmentation augmentation() {
        AugmentationConfig augmentation = config.embedding().augmentation();
        Distortion distortion = new Distortion(augmentation.rotation(), augmentation.scale(), augmentation.shear());
        return new Augmentation(augmentation.flip(), augmentation.crops(), augmentation.padding(), distortion);
    }

    private Map<Split, Long> rows(LabelledImages images) {
        long train = images.count(Part.TRAIN);
        long validation = new ValidationCut(config.data().validationFraction()).count(train);
        Map<Split, Long> rows = new EnumMap<>(Split.class);
        rows.put(Split.TRAIN, (train - validation) * (1 + augmentation().count()));
        rows.put(Split.VALIDATION, validation);
        rows.put(Split.TEST, images.count(Part.TEST));
        return rows;
    }

    private ImageEmbedder embedder(LabelledImages images, long rows) {
        return switch (config.embedding().kind()) {
            case PIXELS -> pixels(images);
            case PATCHES -> new PatchFitting(spark, images, rows)
                    .fit(config.embedding().patches());
        };
    }

    private ImageEmbedder pixels(LabelledImages images) {
        context.setJobDescription("preprocess: statistics");
        ImageShape shape = images.shape();
        PixelStatistics statistics = images.readInAnyOrder(Split.TRAIN)
                .treeAggregate(
                        new PixelStatistics(shape.channels()),
                        (sum, image) -> sum.add(image.bytes()),
                        PixelStatistics::merge);
        return new PixelEmbedder(shape.height(), shape.width(), statistics);
    }
}
