package org.noprop.data;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the files of a {@link RunLock} lie: a claim and a sign of life for each job that asks for it.
 *
 * @param folder where
 * @param file the first part of their names
 * @param title what messages call that which is locked, such as "run r1"
 * @param advice what to do instead of waiting, as the end of a sentence
 */
record LockPlace(Folder folder, String file, String title, String advice) {
    private static final Logger LOG = LoggerFactory.getLogger(LockPlace.class);
    private static final String NAME = "lock";
    private static final String CLAIM = ".json";
    private static final String ALIVE = ".alive";

    /** A folder that holds its own lock. */
    static LockPlace in(Folder folder, String title, String advice) {
        return new LockPlace(folder, NAME, title, advice);
    }

    /** Beside a folder that must not be there before its writer makes it. */
    static LockPlace beside(Folder folder, String advice) {
        Path parent = folder.path().getParent();
        return new LockPlace(
                new Folder(folder.hadoop(), parent == null ? folder.path() : parent),
                "." + folder.name() + "." + NAME,
                "the folder " + folder,
                advice);
    }

    /** Whether a file of that name, in a folder that holds its own lock, belongs to the lock, finished or not. */
    static boolean owns(String name) {
        return name.startsWith(NAME + ".") || name.startsWith("." + NAME + ".");
    }

    /**
     * A claim as the folder lists it, by the file system's clock.
     *
     * @param written when it was made, in milliseconds
     * @param renewed when its owner last gave a sign of life; 0 while the claim is not held
     */
    record Listed(String id, long written, long renewed) {
        boolean isHeld() {
            return renewed > 0;
        }

        /** Some file systems count in seconds: at the latest. */
        long lastSign() {
            long last = Math.max(written, renewed);
            return last % 1000 == 0 ? last + 999 : last;
        }
    }

    /** All claims that are there, by their names. */
    SortedMap<String, Listed> list() {
        Map<String, Long> claims = new TreeMap<>();
        Map<String, Long> signs = new HashMap<>();
        for (FileStatus status : folder.list()) {
            String name = status.getPath().getName();
            if (name.startsWith(file + ".") && name.endsWith(CLAIM)) {
                claims.put(id(name, CLAIM), status.getModificationTime());
            } else if (name.startsWith(file + ".") && name.endsWith(ALIVE)) {
                signs.put(id(name, ALIVE), status.getModificationTime());
            }
        }
        SortedMap<String, Listed> listed = new TreeMap<>();
        claims.forEach((id, written) -> listed.put(id, new Listed(id, written, signs.getOrDefault(id, 0L))));
        return listed;
    }

    /** Empty for the one claim, {@code lock.json}, that earlier versions made. */
    private String id(String name, String end) {
        String middle = name.substring(file.length(), name.length() - end.length());
        return middle.isEmpty() ? middle : middle.substring(1);
    }

    private String file(String id, String end) {
        return file + (id.isEmpty() ? "" : "." + id) + end;
    }

    /** Who made a claim; nothing where no job has written it, or it is gone by now. */
    Optional<LockRecord> read(String id) {
        String claim = file(id, CLAIM);
        try {
            return Optional.of(Json.read(
                    folder.readText(claim), LockRecord.class, folder.file(claim).toString()));
        } catch (InvalidInputException e) {
            LOG.warn("{}: a lock that this version has not written: {}", titleFirst(), e.getMessage());
            return Optional.empty();
        } catch (UncheckedIOException e) {
            if (Retry.isMissing(e.getCause())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void claim(LockRecord record) {
        folder.writeText(file(record.owner(), CLAIM), Json.write(record));
    }

    boolean hasClaim(String id) {
        return folder.has(file(id, CLAIM));
    }

    void giveSignOfLife(String id) {
        folder.writeText(file(id, ALIVE), Instant.now() + "\n");
    }

    void delete(String id) {
        folder.delete(file(id, ALIVE));
        folder.delete(file(id, CLAIM));
    }

    /** The title as a sentence starts. */
    String titleFirst() {
        return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
    }
}
