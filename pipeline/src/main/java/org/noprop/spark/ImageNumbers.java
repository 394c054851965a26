package org.noprop.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.noprop.data.DamagedImageException;
import org.noprop.data.ImageDecoder;
import org.noprop.data.ImageSource.Part;

/**
 * Ids for the images of decoded files that follow from the pixels and classes alone: in whatever order and tasks the files
 * come, the same images get the same ids. The driver gives them, by a hash of each image: about 40 bytes an image.
 */
final class ImageNumbers {
    /** Instead of an id, where a file has no image of use. */
    static final long UNUSED = -1;

    private final List<Keys> tasks;
    private final List<long[]> ids;
    private final Map<Part, long[]> counts = new EnumMap<>(Part.class);

    /**
     * What ids follow from, of the files of a task in their order.
     *
     * @param pixels hashes of pixels
     * @param labels negative where a file has no image of use
     * @param test whether files are of the test part
     */
    record Keys(long[] pixels, int[] labels, boolean[] test) implements Serializable {
        private static final int FIRST_LENGTH = 1024;

        static Keys of(Iterator<DecodedFile> files, ImageDecoder decoder) throws DamagedImageException {
            int count = 0;
            long[] pixels = new long[FIRST_LENGTH];
            int[] labels = new int[FIRST_LENGTH];
            boolean[] test = new boolean[FIRST_LENGTH];
            while (files.hasNext()) {
                DecodedFile file = files.next();
                if (count == labels.length) {
                    pixels = Arrays.copyOf(pixels, 2 * count);
                    labels = Arrays.copyOf(labels, 2 * count);
                    test = Arrays.copyOf(test, 2 * count);
                }
                boolean used = file.isUsed(decoder);
                pixels[count] = used ? DecodedFile.pixelHash(decoder.fit(file.picture())) : 0;
                labels[count] = used ? file.label() : (int) UNUSED;
                test[count] = file.test();
                count++;
            }
            return new Keys(Arrays.copyOf(pixels, count), Arrays.copyOf(labels, count), Arrays.copyOf(test, count));
        }

        private IntStream files(Part part) {
            return IntStream.range(0, labels.length)
                    .filter(file -> labels[file] >= 0 && test[file] == (part == Part.TEST));
        }

        private long image(int file) {
            return DecodedFile.imageHash(pixels[file], labels[file]);
        }
    }

    /** Numbers the files of some tasks, in the tasks' order. */
    ImageNumbers(List<Keys> tasks, int classes) {
        this.tasks = tasks;
        this.ids = tasks.stream().map(keys -> unused(keys.labels.length)).toList();
        for (Part part : Part.values()) {
            counts.put(part, new long[classes]);
            number(part);
        }
    }

    private static long[] unused(int files) {
        long[] ids = new long[files];
        Arrays.fill(ids, UNUSED);
        return ids;
    }

    /** In the order of hashes; of images with the same hash, which are the same, any may come first. */
    private void number(Part part) {
        long[] sorted = tasks.stream()
                .flatMapToLong(keys -> keys.files(part).mapToLong(keys::image))
                .sorted()
                .toArray();
        Map<Long, Integer> twins = new HashMap<>();
        for (int task = 0; task < tasks.size(); task++) {
            Keys keys = tasks.get(task);
            long[] own = ids.get(task);
            keys.files(part).forEach(file -> {
                long hash = keys.image(file);
                int first = first(sorted, hash);
                boolean alone = first + 1 == sorted.length || sorted[first + 1] != hash;
                own[file] = part.id(alone ? first : first + twins.merge(hash, 1, Integer::sum) - 1);
                counts.get(part)[keys.labels[file]]++;
            });
        }
    }

    /** Where the first of equal values stands. */
    private static int first(long[] sorted, long value) {
        int low = 0;
        int high = sorted.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The ids of each task's files in their order, or {@link #UNUSED}. */
    List<long[]> ids() {
        return ids;
    }

    /** How many images of use a part has. */
    long count(Part part) {
        return LongStream.of(counts.get(part)).sum();
    }

    /** How many images of use a part has of each class. */
    long[] counts(Part part) {
        return counts.get(part).clone();
    }

    /** How many images have the pixels of another that was counted before. */
    long twice() {
        long[] all = pixels(Part.TRAIN, Part.TEST).sorted().toArray();
        return IntStream.range(1, all.length).filter(i -> all[i] == all[i - 1]).count();
    }

    /** How many test images have the pixels of a training image. */
    long onBothSides() {
        long[] train = pixels(Part.TRAIN).sorted().toArray();
        return pixels(Part.TEST)
                .filter(hash -> Arrays.binarySearch(train, hash) >= 0)
                .count();
    }

    private LongStream pixels(Part... parts) {
        return Arrays.stream(parts).flatMapToLong(part -> tasks.stream()
                .flatMapToLong(keys -> keys.files(part).mapToLong(file -> keys.pixels[file])));
    }
}
