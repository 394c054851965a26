package org.noprop.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.noprop.data.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of a user's Parquet files are of the training part and which of the test part.
 *
 * @param train training files, in full
 * @param test test files, in full; empty if they are to be cut from the training files
 */
record InputParts(List<String> train, List<String> test) {
    private static final Logger LOG = LoggerFactory.getLogger(InputParts.class);
    private static final Pattern PART = Pattern.compile("(train|test)([-_.].*)?", Pattern.CASE_INSENSITIVE);

    /**
     * The parts of Parquet files: those that are named train or test, or lie in a folder of such a name; or all.
     *
     * @throws InvalidInputException if there are no Parquet files
     */
    static InputParts ofParquet(InputFiles files) {
        List<String> train = new ArrayList<>();
        List<String> test = new ArrayList<>();
        List<String> others = new ArrayList<>();
        FileList parquet = files.parquet();
        for (int file = 0; file < parquet.size(); file++) {
            String part = files.single() ? "" : part(parquet.name(file));
            (part.equals("train") ? train : part.equals("test") ? test : others).add(parquet.path(file));
        }
        if (parquet.size() == 0) {
            throw new InvalidInputException("There are no Parquet files in " + files.path() + files.leftOutSaid()
                    + "; correct " + files.setting() + " or noprop.data.kind");
        }
        if (train.isEmpty() && test.isEmpty()) {
            return new InputParts(others, List.of());
        }
        requireTraining(files, !train.isEmpty());
        leaveOut(files, others);
        return new InputParts(train, test);
    }

    /** Whether test images are to be cut from the training files. */
    boolean cut() {
        return test.isEmpty();
    }

    private static String part(String below) {
        return Arrays.stream(below.split("/"))
                .map(PART::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(matcher -> matcher.group(1).toLowerCase(Locale.ROOT))
                .orElse("");
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
