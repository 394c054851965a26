package org.noprop.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.noprop.tensor.ImageShape;

/**
 * Which changed copies of a training image are stored beside it: mirrored, and cut out of the image with an empty
 * margin, turned, scaled and slanted. A copy's id is that of its source plus a multiple of 2^40, so that whatever is
 * drawn for it is drawn anew and its source is known. What a copy looks like follows from its id.
 *
 * @param flip whether there is a mirrored copy; cut-out copies are then mirrored half of the time
 * @param crops how many cut-out copies there are, at least 0
 * @param padding pixels of the margin, at least 1, from 0 to twice as many are cut off at the top and left
 * @param distortion how far cut-out copies are turned, scaled and slanted
 */
public record Augmentation(boolean flip, int crops, int padding, Distortion distortion) implements Serializable {
    /** No copies. */
    public static final Augmentation NONE = new Augmentation(false, 0, 1, Distortion.NONE);

    private static final int COPY_SHIFT = 40;
    /** Keeps the draws apart from other uses of ids as seeds. */
    private static final long SALT = 0x6175676d656e74L;

    /**
     * One copy of every image of a size: a function of the image alone.
     *
     * @param number 1 …; the first is the mirrored one, where there is one
     * @param kind which copies there are
     * @param height of an image
     * @param width of an image
     * @param channels of a pixel
     */
    public record Copy(int number, Augmentation kind, int height, int width, int channels) implements Serializable {

        /** The copy. */
        public Image of(Image source) {
            long id = source.id() + ((long) number << COPY_SHIFT);
            SplittableRandom random = new SplittableRandom(id ^ SALT);
            boolean cut = !(kind.flip && number == 1);
            int down = cut ? random.nextInt(2 * kind.padding + 1) - kind.padding : 0;
            int right = cut ? random.nextInt(2 * kind.padding + 1) - kind.padding : 0;
            boolean mirror = kind.flip && (!cut || random.nextBoolean());
            byte[] moved = moved(source.bytes(), down, right, mirror);
            boolean kept = !cut || kind.distortion.isNone();
            byte[] changed = kept ? moved : kind.distortion.draw(random).of(moved, height, width, channels);
            return new Image(id, source.label(), changed);
        }

        /** The pixel at (y, x) is that at (y + down, x + right), mirrored if so; outside there is nothing. */
        private byte[] moved(byte[] image, int down, int right, boolean mirror) {
            byte[] result = new byte[image.length];
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int fromY = y + down;
                    int fromX = (mirror ? width - 1 - x : x) + right;
                    if (fromY >= 0 && fromY < height && fromX >= 0 && fromX < width) {
                        System.arraycopy(
                                image,
                                (fromY * width + fromX) * channels,
                                result,
                                (y * width + x) * channels,
                                channels);
                    }
                }
            }
            return result;
        }
    }

    /** The id of the image that the image of an id is a copy of, or its own. */
    public static long sourceOf(long id) {
        return id & ((1L << COPY_SHIFT) - 1);
    }

    /** How many copies there are of an image, besides itself. */
    public int count() {
        return (flip ? 1 : 0) + crops;
    }

    /** The copies of images of a size. */
    public List<Copy> copies(ImageShape images) {
        List<Copy> copies = new ArrayList<>();
        for (int number = 1; number <= count(); number++) {
            copies.add(new Copy(number, this, images.height(), images.width(), images.channels()));
        }
        return copies;
    }
}
