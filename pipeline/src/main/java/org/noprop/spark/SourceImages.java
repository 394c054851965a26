package org.noprop.spark;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.Image;
import org.noprop.data.ImageSource;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.ImageSourceSummary;
import org.noprop.data.Split;
import org.noprop.data.ValidationCut;
import org.noprop.tensor.ImageShape;

/** The images of a published dataset, or of one that is drawn; tasks read or draw them for themselves. */
final class SourceImages implements ImageOrigin, LabelledImages {
    /** Read at a time where only the first are wanted. */
    private static final int IMAGES_OF_A_LOOK = 1000;

    private static final int TASKS_OF_A_CORE = 2;

    private final JavaSparkContext context;
    private final ImageSource source;
    private final ImageSourceSummary summary;
    private final ImageSlices slices;

    /**
     * The images of a source.
     *
     * @throws org.noprop.data.InvalidInputException if its files cannot be used
     */
    SourceImages(JavaSparkContext context, ImageSource source, ValidationCut cut) {
        this.context = context;
        this.source = source;
        this.summary = source.inspect(context.hadoopConfiguration());
        this.slices = new ImageSlices(source, cut, new SerializableConfiguration(context.hadoopConfiguration()));
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public String fingerprint() {
        return summary.fingerprint();
    }

    @Override
    public SortedMap<String, Long> leftOut() {
        return new TreeMap<>();
    }

    @Override
    public LabelledImages open(String folder) {
        return this;
    }

    @Override
    public ImageShape shape() {
        return new ImageShape(source.height(), source.width(), source.channels());
    }

    @Override
    public List<String> classNames() {
        return summary.classNames();
    }

    @Override
    public long count(Part part) {
        return summary.images(part);
    }

    @Override
    public JavaRDD<Image> read(Split split, int count) {
        return slices.read(context, split, summary.images(ImageSlices.part(split)), count);
    }

    @Override
    public JavaRDD<Image> readInAnyOrder(Split split) {
        return read(split, context.defaultParallelism() * TASKS_OF_A_CORE);
    }

    @Override
    public List<Image> first(Split split, int most) {
        long images = summary.images(ImageSlices.part(split));
        return read(split, (int) Math.max(1, images / IMAGES_OF_A_LOOK)).take(most);
    }

    @Override
    public void close() {
        // Nothing is kept.
    }
}
