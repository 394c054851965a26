package org.noprop.spark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.noprop.data.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of a user's Parquet files are of the training part and which of the test part.
 *
 * @param train training files
 * @param test test files; none if they are to be cut from the training files
 * @param leftOut how many files are of neither
 */
record InputParts(FileList train, FileList test, int leftOut) {
    /** Files of neither part where there are parts. */
    static final String OF_NEITHER = "of neither the training nor the test part";

    private static final Logger LOG = LoggerFactory.getLogger(InputParts.class);
    private static final Pattern PART =
            Pattern.compile("(train|test|val)(ing|id|idation)?([^a-z].*)?", Pattern.CASE_INSENSITIVE);
    /** A word for a part, anywhere in a name. */
    private static final Pattern WORD =
            Pattern.compile("(train|test|val)(?:ing|id(?:ation)?)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /**
     * The parts of Parquet files: those that are named train or training, test or testing, in whatever case, or lie in a
     * folder of such a name or in one such as {@code split=train}; or all. Files that are named val, valid or validation are
     * of neither.
     *
     * @param label name of the column of classes, which a folder {@code label=test} is a value of
     * @throws InvalidInputException if there are no Parquet files
     */
    static InputParts ofParquet(InputFiles files, String label) {
        FileList parquet = files.parquet();
        if (parquet.size() == 0) {
            throw new InvalidInputException("There are no Parquet files in " + files.path() + files.leftOutSaid()
                    + "; correct " + files.setting() + " or noprop.data.kind");
        }
        Set<String> keys = partKeys(parquet, label);
        String[] parts = new String[parquet.size()];
        for (int file = 0; file < parts.length; file++) {
            parts[file] = files.single() ? "" : part(parquet.name(file), keys);
        }
        FileList train = parquet.where(file -> parts[file].equals("train"));
        FileList test = parquet.where(file -> parts[file].equals("test"));
        FileList others = parquet.where(file -> !parts[file].equals("train") && !parts[file].equals("test"));
        if (train.size() == 0 && test.size() == 0) {
            requireNoPair(
                    IntStream.range(0, parquet.size()).mapToObj(parquet::name).toList(), files.path());
            return new InputParts(others, others.none(), 0);
        }
        if (train.size() == 0) {
            throw new InvalidInputException("There are test files in " + files.path()
                    + " and no training files; name these train, too, or neither");
        }
        if (others.size() > 0) {
            LOG.warn(
                    "{} has a training part: leaving out {} files that are of neither it nor the test part, such as {}",
                    files.path(),
                    others.size(),
                    others.name(0));
        }
        return new InputParts(train, test, others.size());
    }

    /**
     * Requires that no two names differ by the word for a part alone, as {@code seg_train} and {@code seg_test} do.
     *
     * @param names of files or folders that are not known as parts
     * @param path where they are
     * @throws InvalidInputException if two do
     */
    static void requireNoPair(Collection<String> names, String path) {
        record Found(String step, String part) {}
        Map<String, Found> first = new HashMap<>();
        for (String name : names) {
            Matcher word = WORD.matcher(name);
            while (word.find()) {
                int end = name.indexOf('/', word.end());
                String step = end < 0 ? name : name.substring(0, end);
                String rest = step.substring(0, word.start()) + "/" + step.substring(word.end());
                Found found = new Found(step, word.group(1).toLowerCase(Locale.ROOT));
                Found other = first.putIfAbsent(NUMBER.matcher(rest).replaceAll("0"), found);
                if (other != null && !other.part().equals(found.part())) {
                    throw new InvalidInputException("It cannot be told whether " + other.step() + " and " + step
                            + " in "
                            + path + " are a training part and a test part; name such parts train and test, or rename"
                            + " one of these");
                }
            }
        }
    }

    /** Whether test images are to be cut from the training files. */
    boolean cut() {
        return test.size() == 0;
    }

    /** Names of folders {@code name=value} all of whose values are parts. */
    private static Set<String> partKeys(FileList files, String label) {
        Map<String, Boolean> keys = new HashMap<>();
        for (String folder : files.folders()) {
            for (String step : folder.split("/", -1)) {
                int equals = step.indexOf('=');
                if (equals > 0 && !step.substring(0, equals).equalsIgnoreCase(label)) {
                    keys.merge(
                            step.substring(0, equals),
                            PART.matcher(step.substring(equals + 1)).matches(),
                            Boolean::logicalAnd);
                }
            }
        }
        return keys.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String part(String below, Set<String> keys) {
        List<String> steps = new ArrayList<>();
        for (String step : below.split("/", -1)) {
            int equals = step.indexOf('=');
            if (equals < 0) {
                steps.add(step);
            } else if (keys.contains(step.substring(0, equals))) {
                steps.add(step.substring(equals + 1));
            }
        }
        return steps.stream()
                .map(PART::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(matcher -> matcher.group(1).toLowerCase(Locale.ROOT))
                .orElse("");
    }
}
