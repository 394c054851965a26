package org.noprop.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    private static final Logger LOG = LoggerFactory.getLogger(InputParts.class);
    private static final Pattern PART =
            Pattern.compile("(train|test|val)(ing|id|idation)?([-_.].*)?", Pattern.CASE_INSENSITIVE);

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
