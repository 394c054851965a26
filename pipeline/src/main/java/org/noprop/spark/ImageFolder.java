package org.noprop.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.noprop.data.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images in a folder for each class, these in folders of parts or side by side. A folder at the top is a part if its name is
 * train or training, test or testing, val, valid or validation, in whatever case; a class is a folder in a part, or where
 * there are no parts a folder at the top, with all folders in it.
 *
 * @param train the images of the training part, or all
 * @param test the images of the test part; none where they are to be cut from the others
 * @param parted whether there are parts
 * @param classNames the classes of the training part by name, which is by label
 * @param leftOut how many files are not used, by reason
 */
record ImageFolder(
        FileList train, FileList test, boolean parted, List<String> classNames, SortedMap<String, Long> leftOut) {
    /** Images that lie in no class. */
    static final String OUTSIDE = "outside of every class";
    /** Images in folders beside those of the parts. */
    static final String BESIDE = "beside train and test";
    /** Test images of a class that has no training images. */
    static final String UNKNOWN = "of classes without training images";

    private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);

    private static final int MOST_SHOWN = 3;

    private enum Part {
        TRAIN("train|training"),
        TEST("test|testing"),
        VALIDATION("val|valid|validation");

        private final Pattern names;

        Part(String names) {
            this.names = Pattern.compile(names);
        }

        boolean is(String folder) {
            return names.matcher(folder.toLowerCase(Locale.ROOT)).matches();
        }
    }

    /**
     * The parts and classes of images.
     *
     * @throws InvalidInputException in one sentence, if there are no images in classes, or it cannot be told what is a part
     *     and what is a class
     */
    static ImageFolder of(InputFiles files) {
        FileList images = files.images();
        if (images.size() == 0) {
            throw new InvalidInputException("There are no images in " + files.path()
                    + files.leftOutSaid() + "; correct " + files.setting()
                    + " or noprop.data.kind");
        }
        SortedSet<String> tops = tops(images);
        SortedMap<Part, String> parts = parts(files, tops);
        SortedMap<String, Long> leftOut = new TreeMap<>(files.leftOut());
        count(leftOut, InputFiles.OTHER, files.parquet().size());
        if (parts.isEmpty()) {
            InputParts.requireNoPair(tops, files.path());
            return whole(files, leftOut);
        }
        return parted(files, tops, parts, leftOut);
    }

    /** The folders at the top that have images in them. */
    private static SortedSet<String> tops(FileList images) {
        SortedSet<String> tops = new TreeSet<>();
        images.folders().stream()
                .filter(folder -> !folder.isEmpty())
                .forEach(folder -> tops.add(folder.split("/", 2)[0]));
        return tops;
    }

    private static SortedMap<Part, String> parts(InputFiles files, Set<String> tops) {
        SortedMap<Part, String> parts = new TreeMap<>();
        for (String top : tops) {
            for (Part part : Part.values()) {
                if (part.is(top)) {
                    String other = parts.put(part, top);
                    if (other != null) {
                        throw new InvalidInputException("There are both " + other + " and " + top + " in "
                                + files.path() + "; put their images into one folder");
                    }
                }
            }
        }
        return parts;
    }

    private static ImageFolder whole(InputFiles files, SortedMap<String, Long> leftOut) {
        FileList all = inClasses(files, files.images(), 0, leftOut);
        return new ImageFolder(all, all.none(), false, classes(all, 0), leftOut);
    }

    private static ImageFolder parted(
            InputFiles files, Set<String> tops, SortedMap<Part, String> parts, SortedMap<String, Long> leftOut) {
        Set<String> others = new LinkedHashSet<>(tops);
        others.removeAll(parts.values());
        requireParts(files, parts, others);
        FileList images = files.images();
        FileList train = inClasses(files, in(images, parts.get(Part.TRAIN)), 1, leftOut);
        List<String> classNames = classes(train, 1);
        FileList test = parts.containsKey(Part.TEST)
                ? known(files, inClasses(files, in(images, parts.get(Part.TEST)), 1, leftOut), classNames, leftOut)
                : images.none();
        long outside = images.where(file -> images.folder(file).isEmpty()).size();
        count(leftOut, OUTSIDE, outside);
        long beside =
                others.stream().mapToLong(other -> in(images, other).size()).sum();
        count(leftOut, BESIDE, beside);
        return new ImageFolder(train, test, true, classNames, leftOut);
    }

    private static void requireParts(InputFiles files, Map<Part, String> parts, Set<String> others) {
        String in = " in " + files.path();
        if (parts.containsKey(Part.VALIDATION)) {
            throw new InvalidInputException("There is a validation part, " + parts.get(Part.VALIDATION) + "," + in
                    + ", where validation images are cut from the training images by noprop.data.validation-fraction;"
                    + " move its classes into the training part, or name it test");
        }
        if (!parts.containsKey(Part.TRAIN)) {
            throw new InvalidInputException(
                    "There are test files" + in + " and no training files; name these train, too, or neither");
        }
        if (parts.size() == 1 && !others.isEmpty()) {
            throw new InvalidInputException("It cannot be told whether " + parts.get(Part.TRAIN)
                    + " is the training part or a class" + in + ", beside " + shown(others) + "; "
                    + "rename it if it is a class, and else move what is beside it away");
        }
    }

    private static FileList in(FileList images, String top) {
        return images.where(file -> {
            String folder = images.folder(file);
            return folder.equals(top) || folder.startsWith(top + "/");
        });
    }

    /** Those in a class; the others are counted. */
    private static FileList inClasses(InputFiles files, FileList images, int depth, SortedMap<String, Long> leftOut) {
        FileList inClasses = images.where(file -> className(images.folder(file), depth) != null);
        long outside = (long) images.size() - inClasses.size();
        if (inClasses.size() == 0) {
            throw new InvalidInputException("There are " + outside + " images in " + files.path()
                    + " outside of every class, such as " + images.name(0) + "; put those of each class into a folder");
        }
        count(leftOut, OUTSIDE, outside);
        return inClasses;
    }

    /** Test images of classes that there are training images of. */
    private static FileList known(
            InputFiles files, FileList test, List<String> classNames, SortedMap<String, Long> leftOut) {
        Set<String> unknown = new TreeSet<>(classes(test, 1));
        classNames.forEach(unknown::remove);
        if (unknown.isEmpty()) {
            return test;
        }
        FileList known = test.where(file -> !unknown.contains(className(test.folder(file), 1)));
        LOG.warn(
                "{} has test images of {}, and no training images of that: leaving {} images out",
                files.path(),
                shown(unknown),
                test.size() - known.size());
        count(leftOut, UNKNOWN, (long) test.size() - known.size());
        return known;
    }

    private static void count(SortedMap<String, Long> leftOut, String reason, long files) {
        if (files > 0) {
            leftOut.merge(reason, files, Long::sum);
        }
    }

    private static List<String> classes(FileList images, int depth) {
        return images.folders().stream()
                .map(folder -> className(folder, depth))
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Reads the images.
     *
     * @param testFraction share of the images that becomes the test part, where there is none
     */
    JavaRDD<DecodedFile.Content> read(JavaSparkContext context, double testFraction) {
        JavaRDD<DecodedFile.Content> own = read(context, train, false);
        return test.size() > 0
                ? own.union(read(context, test, true))
                : own.map(file -> file.ofTest(DecodedFile.isCut(file.bytes(), testFraction)));
    }

    private JavaRDD<DecodedFile.Content> read(JavaSparkContext context, FileList files, boolean ofTest) {
        List<String> classes = classNames;
        int depth = parted ? 1 : 0;
        return ImageFiles.read(context, files)
                .map(file -> new DecodedFile.Content(
                        ofTest,
                        Collections.binarySearch(classes, className(file.folder(), depth)),
                        file.path(),
                        file.bytes(),
                        file.error()));
    }

    private static String className(String folder, int depth) {
        String[] steps = folder.split("/", -1);
        return steps.length > depth && !steps[depth].isEmpty() ? steps[depth] : null;
    }

    private static String shown(Set<String> names) {
        List<String> shown = new ArrayList<>(names).subList(0, Math.min(names.size(), MOST_SHOWN));
        return String.join(", ", shown) + (names.size() > shown.size() ? ", …" : "");
    }
}
