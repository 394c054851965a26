package org.noprop.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.noprop.data.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of a user's files are of the training part and which of the test part.
 *
 * @param train training files, or folders of them
 * @param test test files, or folders of them; empty if they are to be cut from the training files
 */
record InputParts(List<String> train, List<String> test) {
    private static final Logger LOG = LoggerFactory.getLogger(InputParts.class);
    private static final Pattern PART = Pattern.compile("(train|test)([-_.].*)?", Pattern.CASE_INSENSITIVE);

    /**
     * The parts of a folder of images: its folders train and test, or all of it.
     *
     * @throws InvalidInputException if there are no images, or some lie outside of every class
     */
    static InputParts ofImages(InputFiles files) {
        List<String> parts = new ArrayList<>();
        TreeSet<String> others = new TreeSet<>();
        TreeSet<String> outside = new TreeSet<>();
        files.visit(file -> {
            if (InputFiles.isImage(file)) {
                String[] steps = files.below(file.getPath()).split("/");
                boolean part = steps.length > 1 && (steps[0].equals("train") || steps[0].equals("test"));
                if (part && !parts.contains(steps[0])) {
                    parts.add(steps[0]);
                }
                if (!part) {
                    others.add(steps[0]);
                }
                if (steps.length < (part ? 3 : 2)) {
                    outside.add(String.join("/", steps));
                }
            }
            return false;
        });
        requireAny(files, !parts.isEmpty() || !others.isEmpty(), "PNG or JPEG images");
        if (!outside.isEmpty()) {
            throw new InvalidInputException(
                    "There are " + outside.size() + " images in " + files.path() + " outside of every class, such as "
                            + outside.first() + "; put those of each class into a folder");
        }
        if (parts.isEmpty()) {
            return new InputParts(List.of(files.path()), List.of());
        }
        requireTraining(files, parts.contains("train"));
        leaveOut(files, others);
        return new InputParts(
                List.of(files.path() + "/train"), parts.contains("test") ? List.of(files.path() + "/test") : List.of());
    }

    /**
     * The parts of Parquet files: those that are named train or test, or lie in a folder of such a name; or all.
     *
     * @throws InvalidInputException if there are no Parquet files
     */
    static InputParts ofParquet(InputFiles files) {
        List<String> train = new ArrayList<>();
        List<String> test = new ArrayList<>();
        List<String> others = new ArrayList<>();
        files.visit(file -> {
            if (InputFiles.isParquet(file) && !isHidden(files, file)) {
                String part = part(files.below(file.getPath()));
                (part.equals("train") ? train : part.equals("test") ? test : others)
                        .add(file.getPath().toString());
            }
            return false;
        });
        requireAny(files, !train.isEmpty() || !test.isEmpty() || !others.isEmpty(), "Parquet files");
        if (train.isEmpty() && test.isEmpty()) {
            return new InputParts(others.stream().sorted().toList(), List.of());
        }
        requireTraining(files, !train.isEmpty());
        leaveOut(files, others);
        return new InputParts(
                train.stream().sorted().toList(), test.stream().sorted().toList());
    }

    /** Whether test images are to be cut from the training files. */
    boolean cut() {
        return test.isEmpty();
    }

    /** As Spark passes over files. */
    private static boolean isHidden(InputFiles files, FileStatus file) {
        return Arrays.stream(files.below(file.getPath()).split("/"))
                .anyMatch(step -> step.startsWith("_") || step.startsWith("."));
    }

    private static String part(String below) {
        return Arrays.stream(below.split("/"))
                .map(PART::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(matcher -> matcher.group(1).toLowerCase(Locale.ROOT))
                .orElse("");
    }

    private static void requireAny(InputFiles files, boolean any, String what) {
        if (!any) {
            throw new InvalidInputException("There are no " + what + " in " + files.path() + "; correct "
                    + files.setting() + " or noprop.data.kind");
        }
    }

    private static void requireTraining(InputFiles files, boolean any) {
        if (!any) {
            throw new InvalidInputException("There are test files in " + files.path()
                    + " and no training files; name these train, too, or neither");
        }
    }

    private static void leaveOut(InputFiles files, Collection<String> others) {
        if (!others.isEmpty()) {
            LOG.warn(
                    "{} has train and test: leaving out what is of neither, such as {}",
                    files.path(),
                    new Path(others.iterator().next()).getName());
        }
    }
}
