package org.noprop.data;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.noprop.tensor.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one run, of any Hadoop file system: {@code run.json}, an {@link Artifact} for each trained
 * part, and small text files. It may be opened at the same time by the driver and by every task.
 */
public final class RunFolder {
    private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
    private static final String RECORD = "run.json";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    /** A file that is being written has changed since. */
    private static final Duration KILLED_AFTER = Duration.ofHours(1);

    private static final int MOST_OF_A_KEY = 14;
    private static final Pattern TENSORS = Pattern.compile(".*\\.safetensors");
    private static final String SETTINGS = "config";
    private static final Set<String> NEW = Set.of("effective.conf", "overrides.conf", "spark.properties");
    private static final String TRAIN_BLOCKS = "train-blocks";

    private final Folder folder;
    private final String id;

    private RunFolder(Folder folder, String id) {
        this.folder = folder;
        this.id = id;
    }

    /**
     * Creates the folder of a new run. It counts as a run once {@link #update} has written its record.
     *
     * @param runsDir folder of all runs
     * @param runId letters, digits, dots, underscores and hyphens
     * @throws InvalidInputException if the name is not one or there is a run of that name
     */
    public static RunFolder create(Configuration hadoop, String runsDir, String runId) {
        if (exists(hadoop, runsDir, runId)) {
            throw new InvalidInputException("There is a run " + runId + " in " + runsDir
                    + " already; give --resume to go on with it, or another --run-id");
        }
        return new RunFolder(Folder.of(hadoop, runsDir).folder(runId), runId);
    }

    /**
     * Makes a run unless it is there. Of several jobs that make it at once, one writes its files and its record, and the
     * others wait for that.
     *
     * @param runsDir folder of all runs
     * @param runId letters, digits, dots, underscores and hyphens
     * @param timeout after how much silence a job that is making it counts as gone
     * @param files writes the files of the new run, and gives its record
     * @return whether this call has made it
     * @throws InvalidInputException if the name is not one
     */
    public static boolean make(
            Configuration hadoop,
            String runsDir,
            String runId,
            Duration timeout,
            Function<RunFolder, RunRecord> files) {
        if (exists(hadoop, runsDir, runId)) {
            return false;
        }
        RunFolder run = new RunFolder(Folder.of(hadoop, runsDir).folder(runId), runId);
        try (RunLock lock = RunLock.acquire(run.lockPlace(), List.of(RECORD), "making it", timeout, true)) {
            if (run.has(RECORD)) {
                return false;
            }
            run.requireNothingElse();
            RunRecord record = files.apply(run);
            lock.requireHeld();
            run.update(record);
            return true;
        }
    }

    /** What a job has left that was killed while it made the run is written again; other files are somebody's. */
    private void requireNothingElse() {
        Stream.concat(
                        folder.names().stream().filter(name -> !name.equals(SETTINGS) && !LockPlace.owns(name)),
                        list(SETTINGS).stream()
                                .filter(name -> !NEW.contains(name))
                                .map(name -> SETTINGS + "/" + name))
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidInputException(
                            "There are other files in " + folder + ", such as " + name + ", and no " + RECORD
                                    + "; a new run needs a folder of its own, so give another --run-id or move them");
                });
    }

    /**
     * Whether there is a run of that name.
     *
     * @throws InvalidInputException if the name is not one
     */
    public static boolean exists(Configuration hadoop, String runsDir, String runId) {
        if (!ID.matcher(runId).matches()) {
            throw new InvalidInputException("Invalid run id " + runId
                    + ": it must start with a letter or digit and go on with at most 127 of those, '.', '_' and '-'");
        }
        return Folder.of(hadoop, runsDir).folder(runId).has(RECORD);
    }

    /**
     * Opens a run.
     *
     * @throws InvalidInputException if there is none of that name
     */
    public static RunFolder open(Configuration hadoop, String runsDir, String runId) {
        if (!exists(hadoop, runsDir, runId)) {
            throw new InvalidInputException(
                    "There is no run " + runId + " in " + runsDir + "; look there for the names of runs");
        }
        return new RunFolder(Folder.of(hadoop, runsDir).folder(runId), runId);
    }

    /**
     * The run that was started last. A run whose record is damaged, or may not be read, is passed over with a warning.
     *
     * @param fits what must hold of its record, each of which is read once
     * @param wanted what else must hold of it, asked from the latest on
     */
    public static Optional<RunFolder> latest(
            Configuration hadoop, String runsDir, Predicate<RunRecord> fits, Predicate<RunFolder> wanted) {
        Folder runs = Folder.of(hadoop, runsDir);
        return runs.list().stream()
                .map(child -> child.getPath().getName())
                .filter(name -> ID.matcher(name).matches())
                .map(name -> new RunFolder(runs.folder(name), name))
                .flatMap(run ->
                        run.recordIfReadable().filter(fits).stream().map(record -> Map.entry(run, record.started())))
                .sorted(Map.Entry.<RunFolder, Instant>comparingByValue()
                        .thenComparing(found -> found.getKey().id())
                        .reversed())
                .map(Map.Entry::getKey)
                .filter(wanted)
                .findFirst();
    }

    private Optional<RunRecord> recordIfReadable() {
        try {
            return Optional.of(record());
        } catch (InvalidInputException e) {
            LOG.warn("Passing over run {}: {}", id, e.getMessage());
            return Optional.empty();
        } catch (UncheckedIOException e) {
            if (Retry.isMissing(e.getCause())) {
                return Optional.empty();
            }
            if (e.getCause() instanceof AccessControlException) {
                LOG.warn("Passing over run {}: {}", id, e.getCause().getMessage());
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Writes a file that belongs to no run, in one move, with the folders it needs.
     *
     * @param relative its place below the folder of all runs
     * @return its path
     * @throws InvalidInputException if a file is there that begins in another way, hence is not one of ours
     */
    public static String writeBesideRuns(Configuration hadoop, String runsDir, String relative, String text) {
        Folder runs = Folder.of(hadoop, runsDir);
        if (runs.has(relative) && !runs.readText(relative).startsWith(beginning(text))) {
            throw new InvalidInputException("There is another file at " + runs.file(relative)
                    + "; move it, or give another" + " noprop.run.dir");
        }
        runs.writeText(relative, text);
        return runs.file(relative).toString();
    }

    /** What all files of one kind begin with: a page up to its title, and JSON before its first value. */
    private static String beginning(String text) {
        int title = text.indexOf("</title>");
        return text.substring(0, title >= 0 ? title : Math.min(text.length(), MOST_OF_A_KEY));
    }

    /**
     * Requires that a folder, which a table is going to replace, holds a table or nothing.
     *
     * @throws InvalidInputException naming another file in it
     */
    public void requireTableOrNothing(String relative) {
        new TableFolder(folder.folder(relative)).otherThanTable().ifPresent(name -> {
            throw new InvalidInputException("There are other files in " + folder.file(relative) + ", such as " + name
                    + ", where a table of this run belongs; move them");
        });
    }

    /** The run's name. */
    public String id() {
        return id;
    }

    /** Its folder, as the user would write it. */
    public String path() {
        return folder.toString();
    }

    /**
     * The folder of a block.
     *
     * @param t 1 … T
     */
    public Artifact block(int t) {
        String name = String.format(Locale.ROOT, "blocks/block=%02d", t);
        return new Artifact(folder.folder(name), "Block " + t, TRAIN_BLOCKS);
    }

    /** The folder of the head. */
    public Artifact head() {
        return new Artifact(folder.folder("head"), "The head", TRAIN_BLOCKS);
    }

    /** The folder of trained label embeddings. */
    public Artifact labelEmbedding() {
        return new Artifact(folder.folder("label-embedding"), "The label embedding", TRAIN_BLOCKS);
    }

    /** The folder of a trained noise schedule. */
    public Artifact schedule() {
        return new Artifact(folder.folder("schedule"), "The noise schedule", TRAIN_BLOCKS);
    }

    /** The assembled model. */
    public ModelFiles model() {
        return new ModelFiles(folder.folder("model"));
    }

    /** The folder of a baseline. */
    public Artifact baseline(BaselineKind kind) {
        return new Artifact(folder.folder(kind.folder()), "The " + kind.title(), "train-baseline");
    }

    /**
     * The run's record.
     *
     * @throws InvalidInputException if its file is damaged
     */
    public RunRecord record() {
        return Json.read(
                folder.readText(RECORD), RunRecord.class, folder.file(RECORD).toString());
    }

    /** Writes the run's record, and deletes what writers that were killed have left in the run. */
    public void update(RunRecord record) {
        folder.deleteUnfinished(KILLED_AFTER);
        folder.writeText(RECORD, Json.write(record));
    }

    /**
     * Keeps other jobs from the run until the lock is closed.
     *
     * @param command what is going to work on it
     * @param timeout after how much silence another's lock counts as left behind
     * @throws InvalidInputException in one sentence, if another job works on it or on a part of it
     */
    public RunLock lock(String command, Duration timeout) {
        return RunLock.acquire(lockPlace(), List.of(), command, timeout, false);
    }

    /** As {@link #lock}, but waits for another job to end. */
    public RunLock lockWhenFree(String command, Duration timeout) {
        return RunLock.acquire(lockPlace(), List.of(), command, timeout, true);
    }

    /**
     * Keeps other jobs from parts of the run, and from the whole, until the lock is closed; jobs on other parts go on.
     *
     * @param parts their names, such as those of their artifacts, at least one
     * @param command what is going to work on them
     * @param timeout as of {@link #lock(String, Duration)}
     * @throws InvalidInputException in one sentence, if another job works on one of them or on the whole
     */
    public RunLock lockParts(List<String> parts, String command, Duration timeout) {
        return RunLock.acquire(lockPlace(), parts, command, timeout, false);
    }

    /**
     * Keeps jobs that ask for the same from a folder in the run, whatever they work on otherwise, until the lock is closed;
     * waits for another to end.
     *
     * @param relative the folder
     * @param what is going to be done there
     * @param timeout as of {@link #lock(String, Duration)}
     */
    public RunLock lockFolderWhenFree(String relative, String what, Duration timeout) {
        LockPlace place =
                LockPlace.in(folder.folder(relative), "the folder " + folder.file(relative), "give another --run-id");
        return RunLock.acquire(place, List.of(), what, timeout, true);
    }

    private LockPlace lockPlace() {
        return LockPlace.in(folder, "run " + id, "give another --run-id");
    }

    /** Whether a file or folder is there. */
    public boolean has(String relative) {
        return folder.has(relative);
    }

    /** Writes a file in one move, with the folders it needs. */
    public void writeText(String relative, String text) {
        folder.writeText(relative, text);
    }

    /** The text of a file. */
    public String readText(String relative) {
        return folder.readText(relative);
    }

    /** Writes a safetensors file, with a checksum in it, in one move. */
    public void writeTensors(String relative, SortedMap<String, Tensor> tensors) {
        folder.write(relative, Safetensors.encodeChecked(tensors));
    }

    /**
     * The tensors of a safetensors file.
     *
     * @throws DamagedFileException if it is damaged, or holds values that are not finite
     */
    public SortedMap<String, Tensor> readTensors(String relative) {
        return Safetensors.decodeFinite(
                folder.read(relative), folder.file(relative).toString());
    }

    /** Names of what lies directly in a folder, sorted; none where it does not exist. */
    public List<String> list(String relative) {
        return folder.folder(relative).list().stream()
                .map(child -> child.getPath().getName())
                .toList();
    }

    /** Deletes the safetensors files in a folder and below, and what they leave empty. */
    public void deleteTensors(String relative) {
        folder.folder(relative).deleteOurs(TENSORS);
    }
}
