package org.noprop.data;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Grey digits of 28 × 28 pixels that are drawn, not downloaded: as many as wanted, like handwriting, too
 * hard for a linear classifier. The image at an index is a function of seed, part and index only.
 *
 * @param train how many training images
 * @param test how many test images
 * @param seed what they are drawn from
 */
public record DigitSource(long train, long test, long seed) implements ImageSource {
    private static final int CLASSES = 10;
    /** To be changed with every change of what is drawn. */
    private static final int VERSION = 1;

    @Override
    public String name() {
        return "digits";
    }

    @Override
    public int height() {
        return DigitPainter.SIDE;
    }

    @Override
    public int width() {
        return DigitPainter.SIDE;
    }

    @Override
    public int channels() {
        return 1;
    }

    @Override
    public ImageSourceSummary inspect(Configuration hadoop) {
        List<String> names =
                IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        String fingerprint = "digits version=" + VERSION + " train=" + train + " test=" + test + " seed=" + seed;
        return new ImageSourceSummary(names, train, test, fingerprint);
    }

    @Override
    public ImageReader open(Configuration hadoop, Part part) {
        return new ImageReader() {
            @Override
            public Image read(long index) {
                return draw(part, index);
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    /** The image at an index of a part. */
    Image draw(Part part, long index) {
        SplittableRandom random = new SplittableRandom(mix(mix(seed) + part.id(index)));
        int digit = random.nextInt(CLASSES);
        return new Image(part.id(index), digit, new DigitPainter(random).paint(digit));
    }

    /** A bijection that scatters neighbouring values. */
    private static long mix(long value) {
        return new SplittableRandom(value).nextLong();
    }
}
