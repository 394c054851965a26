package org.noprop.data;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * A folder that Spark writes a table to. Spark itself either refuses a folder that is there or deletes it, and an attempt
 * that is made again could not tell what the one before has left from what is somebody's. Hence a mark of ours, which is
 * written before the first attempt and only where nothing else is: from then on all that lies there is ours.
 */
public final class TableFolder {
    private static final String MARK = "_noprop-unfinished";
    private static final String ATTEMPT = "_temporary";
    private static final Pattern OF_A_TABLE = Pattern.compile("part-\\d{5}.*|_SUCCESS|" + ATTEMPT + "|" + MARK
            + "|_(committed|started)_\\d+|\\.(part-\\d{5}.*|_SUCCESS)\\.crc");

    private final Folder folder;

    TableFolder(Folder folder) {
        this.folder = folder;
    }

    /** The one at a path of any Hadoop file system, which need not exist. */
    public static TableFolder at(Configuration hadoop, String path) {
        return new TableFolder(Folder.of(hadoop, path));
    }

    /**
     * Requires that nothing is there.
     *
     * @param advice what to do about it, as the end of a sentence
     * @throws InvalidInputException if there is something, which a job of ours may have left
     */
    public void requireNothing(String advice) {
        if (folder.exists()) {
            List<String> there = folder.names();
            throw new InvalidInputException(
                    there.contains(ATTEMPT) || there.contains(MARK)
                            ? "A job that did not finish has left " + folder + "; " + advice
                            : "There is something in " + folder + " already; " + advice);
        }
    }

    /**
     * Makes it, so that Spark may write over what is there.
     *
     * @throws InvalidInputException if there is anything, which is left as it is
     */
    public void begin() {
        String advice = "move that away";
        requireNothing(advice);
        folder.writeText(MARK, "");
        if (!folder.names().equals(List.of(MARK))) {
            folder.delete(MARK);
            requireNothing(advice);
        }
    }

    /** The name of something in it that Spark does not write into the folder of a table; nothing where there is none. */
    Optional<String> otherThanTable() {
        return folder.names().stream()
                .filter(name -> !OF_A_TABLE.matcher(name).matches())
                .findFirst();
    }
}
