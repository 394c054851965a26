package org.noprop.data;

import java.io.Serializable;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * A dataset of labelled images, all of one size. A new dataset is one more class that implements this.
 *
 * <p>A source is a small value that tasks receive; what they read, they read by themselves.
 */
public interface ImageSource extends Serializable {

    /** What is added to a test image's index to make its id, so that ids are unique over both parts. */
    long TEST_IDS = 1_000_000_000L;

    /** The two parts that datasets are published in. */
    enum Part {
        /** Training images. */
        TRAIN,
        /** Test images. */
        TEST;

        /** The id of the image at an index of this part. */
        public long id(long index) {
            return this == TRAIN ? index : TEST_IDS + index;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The dataset's name: {@code mnist}. */
    String name();

    /** Rows of pixels of an image. */
    int height();

    /** Pixels of a row. */
    int width();

    /** Channels of a pixel: 1 or 3. */
    int channels();

    /**
     * Checks all files from the first byte to the last and says what they hold. Fewer images than
     * published are logged as a warning.
     *
     * @throws InvalidInputException naming the file that is missing, truncated, swapped or foreign, with
     *     what was expected and what found
     */
    ImageSourceSummary inspect(Configuration hadoop);

    /** Opens a part for reading. */
    ImageReader open(Configuration hadoop, Part part);
}
