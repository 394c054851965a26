package org.noprop.spark;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.noprop.data.Image;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.Split;
import org.noprop.tensor.ImageShape;

/** Images with their classes, all of one size, cut into splits; read in tasks as often as wanted. */
interface LabelledImages extends AutoCloseable {

    /** The size of each. */
    ImageShape shape();

    /** The name of each class, by label. */
    List<String> classNames();

    /** How many images a part has; training images are cut into those of the training and the validation split. */
    long count(Part part);

    /**
     * The images of a split in the order of their ids.
     *
     * @param slices how many partitions, each a run of neighbouring images
     */
    JavaRDD<Image> read(Split split, int slices);

    /** The images of a split, each in the task that has it. */
    JavaRDD<Image> readInAnyOrder(Split split);

    /** The first images of a split, at most so many, in the order of their ids. */
    List<Image> first(Split split, int most);

    /** Lets go of what was kept to read them from. */
    @Override
    void close();
}
