package org.noprop.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * CIFAR-10 or CIFAR-100 in the published binary form: 32 × 32 colour images.
 *
 * @param variant which of the two
 * @param folder where the files lie, a path of any Hadoop file system
 */
public record CifarSource(Variant variant, String folder) implements ImageSource {
    static final int SIDE = 32;
    static final int CHANNELS = 3;

    /** The two datasets. */
    public enum Variant {
        /** Ten classes; a record is a label and an image. */
        CIFAR10("CIFAR-10", 10, 1, "batches.meta.txt", "test_batch.bin"),
        /** A hundred fine classes, which count here; a record is a coarse label, a fine label and an image. */
        CIFAR100("CIFAR-100", 100, 2, "fine_label_names.txt", "test.bin");

        private final String title;
        private final int classes;
        private final int labelBytes;
        private final String namesFile;
        private final String testFile;

        Variant(String title, int classes, int labelBytes, String namesFile, String testFile) {
            this.title = title;
            this.classes = classes;
            this.labelBytes = labelBytes;
            this.namesFile = namesFile;
            this.testFile = testFile;
        }

        int classes() {
            return classes;
        }

        /** Bytes before an image; the last of them is the label. */
        int labelBytes() {
            return labelBytes;
        }

        int recordBytes() {
            return labelBytes + SIDE * SIDE * CHANNELS;
        }

        /** The file that lists the names of the classes. */
        String namesFile() {
            return namesFile;
        }

        List<String> files(Part part) {
            if (part == Part.TEST) {
                return List.of(testFile);
            }
            return this == CIFAR100
                    ? List.of("train.bin")
                    : IntStream.rangeClosed(1, 5)
                            .mapToObj(i -> "data_batch_" + i + ".bin")
                            .toList();
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static final long PUBLISHED_TRAIN = 50_000;
    private static final long PUBLISHED_TEST = 10_000;

    @Override
    public String name() {
        return variant == Variant.CIFAR10 ? "cifar10" : "cifar100";
    }

    @Override
    public int height() {
        return SIDE;
    }

    @Override
    public int width() {
        return SIDE;
    }

    @Override
    public int channels() {
        return CHANNELS;
    }

    @Override
    public ImageSourceSummary inspect(Configuration hadoop) {
        List<String> names = classNames(hadoop);
        Map<String, CifarFile> seen = new HashMap<>();
        List<String> hashes = new ArrayList<>();
        long[] images = new long[Part.values().length];
        for (Part part : Part.values()) {
            LabelCounts counts = new LabelCounts(variant.classes());
            for (CifarFile file : files(hadoop, part)) {
                String hash = file.check(counts);
                CifarFile same = seen.putIfAbsent(hash, file);
                if (same != null) {
                    throw InvalidInputException.cannotRead(
                            file, "it is the same as " + same + " (one copied over the other?)");
                }
                hashes.add(hash);
                images[part == Part.TRAIN ? 0 : 1] += file.records();
            }
            counts.warnOfEmptyClasses(variant.toString(), part);
        }
        new PublishedCounts(variant.toString(), PUBLISHED_TRAIN, PUBLISHED_TEST).check(folder, images[0], images[1]);
        return new ImageSourceSummary(names, images[0], images[1], name() + " " + String.join(",", hashes));
    }

    private List<String> classNames(Configuration hadoop) {
        SourceFile file = SourceFile.find(hadoop, folder, variant.namesFile, help());
        List<String> names = file.lines();
        if (names.size() != variant.classes()) {
            throw file.invalid(
                    names.size() + " class names where " + variant + " has " + variant.classes() + " classes");
        }
        return names;
    }

    @Override
    public ImageReader open(Configuration hadoop, Part part) {
        return new CifarReader(part, files(hadoop, part));
    }

    private List<CifarFile> files(Configuration hadoop, Part part) {
        return variant.files(part).stream()
                .map(name -> new CifarFile(SourceFile.find(hadoop, folder, name, help()), variant))
                .toList();
    }

    private String help() {
        List<String> needed = new ArrayList<>(variant.files(Part.TRAIN));
        needed.addAll(variant.files(Part.TEST));
        return "put " + String.join(", ", needed) + " and " + variant.namesFile + " of " + variant
                + "'s binary version there, or set noprop.data.path to the folder that holds them";
    }
}
