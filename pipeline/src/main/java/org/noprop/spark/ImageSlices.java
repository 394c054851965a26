package org.noprop.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.noprop.data.Image;
import org.noprop.data.ImageReader;
import org.noprop.data.ImageSource;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.Split;
import org.noprop.data.ValidationCut;

/**
 * The images of a split as an RDD: each task reads a slice of the published files, or draws it, by itself.
 *
 * @param source the dataset
 * @param cut which training images are those of the validation split
 * @param hadoop settings of the file systems
 */
record ImageSlices(ImageSource source, ValidationCut cut, SerializableConfiguration hadoop) implements Serializable {
    /** Images {@code from} … {@code to - 1} of a part. */
    private record Slice(long from, long to) implements Serializable {}

    /**
     * The images of a split in the order of their ids.
     *
     * @param images how many images the split's part has
     * @param slices how many partitions, each a run of neighbouring images
     */
    JavaRDD<Image> read(JavaSparkContext spark, Split split, long images, int slices) {
        List<Slice> list = IntStream.range(0, slices)
                .mapToObj(i -> new Slice(images * i / slices, images * (i + 1) / slices))
                .toList();
        return spark.parallelize(list, slices).flatMap(slice -> readSlice(slice, split));
    }

    /** The part that a split is cut from. */
    static Part part(Split split) {
        return split == Split.TEST ? Part.TEST : Part.TRAIN;
    }

    /** One image at a time, as they are asked for. */
    private Iterator<Image> readSlice(Slice slice, Split split) {
        ImageReader reader = source.open(hadoop.value(), part(split));
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> reader.close());
        return LongStream.range(slice.from(), slice.to())
                .filter(index -> belongs(part(split).id(index), split))
                .mapToObj(reader::read)
                .iterator();
    }

    private boolean belongs(long id, Split split) {
        return split == Split.TEST || cut.holds(id) == (split == Split.VALIDATION);
    }
}
