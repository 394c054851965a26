package org.noprop.spark;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.TaskCompletionListener;
import org.noprop.config.PatchesConfig;
import org.noprop.data.Image;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Split;
import org.noprop.embedding.FeatureMapFit;
import org.noprop.embedding.ImageEmbedder;
import org.noprop.embedding.PatchDescription;
import org.noprop.embedding.PatchDictionary;
import org.noprop.embedding.PatchEncoder;
import org.noprop.embedding.PatchFeatures;
import org.noprop.embedding.PatchFit;
import org.noprop.embedding.PatchSampler;
import org.noprop.embedding.WhitenedSample;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.NativeMemory;
import org.noprop.tensor.PrincipalComponents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits a patch embedder to the training split: tasks draw patches, the driver fits whitening and dictionary, tasks
 * encode some of the images, the driver fits the map of their features. What depends on an order is done in that of
 * the ids, so that the same images give the same bits on any number of cores.
 *
 * @param images whose training split is fitted to
 * @param rows how many images that has
 */
record PatchFitting(SparkSession session, LabelledImages images, long rows) {
    private static final Logger log = LoggerFactory.getLogger(PatchFitting.class);

    /** Keeps the choice of rows apart from other uses of ids as seeds. */
    private static final long SALT = 0x6665617475726573L;
    /** Of features that a task hands to the driver at a time. */
    private static final long SLICE_BYTES = 64L << 20;

    /**
     * The embedder of a configuration.
     *
     * @throws InvalidInputException if patches or cells do not fit the images
     */
    ImageEmbedder fit(PatchesConfig config) {
        NativeBackend.load();
        PatchDescription description = description(config);
        context().setJobDescription("preprocess: patches");
        PatchFeatures features = new PatchFeatures(description, dictionary(description));
        context().setJobDescription("preprocess: features");
        Broadcast<PatchFeatures> shipped = context().broadcast(features);
        JavaRDD<float[]> encoded = encode(shipped, features.width(), description.fit());
        try {
            return map(features, encoded);
        } finally {
            encoded.unpersist();
            shipped.destroy();
        }
    }

    private JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(session.sparkContext());
    }

    private PatchDescription description(PatchesConfig config) {
        try {
            return PatchConfigs.description(config, images.shape());
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("noprop.embedding.patches does not fit the images: " + e.getMessage(), e);
        }
    }

    private PatchDictionary dictionary(PatchDescription description) {
        PatchFit fit = description.fit();
        WhitenedSample sample = WhitenedSample.of(description, sample(description));
        if (fit.kMeansRounds() == 0) {
            return sample.random(fit.count(), fit.seed());
        }
        context().setJobDescription("preprocess: k-means of " + sample.count() + " patches");
        return PatchMeans.of(session, sample, fit);
    }

    private List<float[]> sample(PatchDescription description) {
        PatchFit fit = description.fit();
        double perImage = (double) fit.sample() / rows;
        PatchSampler sampler =
                new PatchSampler(description.grid(), description.settings().contrast(), perImage, fit.seed());
        return images.read(Split.TRAIN, slices(0))
                .map(image -> sampler.draw(image.id(), image.bytes()))
                .collect();
    }

    private JavaRDD<float[]> encode(Broadcast<PatchFeatures> features, int width, PatchFit fit) {
        double share = (double) fit.rows() / rows;
        long salt = new SplittableRandom(fit.seed() ^ SALT).nextLong();
        JavaRDD<float[]> encoded = images.read(Split.TRAIN, slices(fit.rows() * (long) width * Float.BYTES))
                .filter(image -> new SplittableRandom(image.id() ^ salt).nextDouble() < share)
                .mapPartitions(partition -> encode(partition, features.value()));
        return encoded.persist(StorageLevel.MEMORY_AND_DISK());
    }

    private int slices(long bytes) {
        return (int) Math.max(context().defaultParallelism() * 2L, bytes / SLICE_BYTES);
    }

    private static Iterator<float[]> encode(Iterator<Image> images, PatchFeatures features) {
        PatchEncoder encoder = features.open();
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> encoder.close());
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return images.hasNext();
            }

            @Override
            public float[] next() {
                float[] values = new float[encoder.width()];
                encoder.encode(images.next().bytes(), values);
                return values;
            }
        };
    }

    private static void requireMemory(int rows, int width, int reduction) {
        long needed = PrincipalComponents.bytes(rows, width, reduction);
        long available = NativeMemory.available();
        if (needed > available) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "The principal components of %d features of %d training images take %d MB and the machine has %d MB"
                            + " free; lower noprop.embedding.patches.rows, count or pooling",
                    width,
                    rows,
                    needed >> 20,
                    available >> 20));
        }
    }

    private ImageEmbedder map(PatchFeatures features, JavaRDD<float[]> encoded) {
        int count = Math.toIntExact(encoded.count());
        int reduction = features.description().fit().reduction();
        if (count < Math.max(2, reduction)) {
            throw new InvalidInputException("The features of " + count + " training images are too few to find "
                    + reduction + " principal components of; lower noprop.embedding.patches.reduction, or raise rows");
        }
        if (reduction > 0) {
            requireMemory(count, features.width(), reduction);
        }
        try (FeatureMapFit fit = features.mapFit(count)) {
            encoded.toLocalIterator().forEachRemaining(fit::add);
            log.info("preprocess: fitting the map of {} features to {} images", features.width(), count);
            return features.embedder(fit);
        }
    }
}
