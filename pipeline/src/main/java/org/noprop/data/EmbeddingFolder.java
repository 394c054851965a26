package org.noprop.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.noprop.tensor.Tensor;

/**
 * A folder of image embeddings: Parquet files in one folder a split, and {@code embeddings.json}, which is
 * written last and makes the folder valid. It is read here without Spark, by whoever trains or evaluates.
 */
public final class EmbeddingFolder {
    /** The column of row ids: long, unique over all splits, ascending within a split. */
    public static final String ID = "id";
    /** The column of classes: int, 0 … m-1. */
    public static final String LABEL = "label";
    /** The column of image embeddings: a list of floats. */
    public static final String EMBEDDING = "embedding";

    /** The folder in there that lists images which could not be used. */
    public static final String DAMAGED = "damaged";

    private static final String MARKER = "embeddings.json";
    private static final String CARD = "README.md";
    private static final String TENSORS = "embedder.safetensors";
    private static final String PICTURES = "pictures.safetensors";
    /** Here from before the first file is written until after the last. */
    private static final String MARK = "_noprop-unfinished";

    private static final List<String> TABLES = List.of("train", "validation", "test", DAMAGED);
    private static final Set<String> OURS = Stream.concat(
                    TABLES.stream(), Stream.of(MARK, MARKER, CARD, TENSORS, PICTURES))
            .collect(Collectors.toUnmodifiableSet());
    /** The sign of life of the lock is written meanwhile. */
    private static final Duration UNFINISHED_AFTER = Duration.ofMinutes(1);

    private final Folder folder;
    private final EmbeddingDescription description;

    private EmbeddingFolder(Folder folder, EmbeddingDescription description) {
        this.folder = folder;
        this.description = description;
    }

    /**
     * Opens a folder that preprocess has finished.
     *
     * @param hadoop settings of the file systems
     * @param folder a path of any Hadoop file system
     * @throws InvalidInputException if there are no finished embeddings
     */
    public static EmbeddingFolder open(Configuration hadoop, String folder) {
        Folder found = Folder.of(hadoop, folder);
        if (!found.has(MARKER) && found.has(MARK)) {
            throw new InvalidInputException(
                    "The embeddings in " + folder
                            + " are unfinished: the job that was writing them has not ended or was killed; run preprocess again");
        }
        if (!found.has(MARKER)) {
            throw new InvalidInputException(
                    "There are no embeddings in " + folder + ": no " + MARKER + " there; run preprocess first");
        }
        String text = found.readText(MARKER);
        return new EmbeddingFolder(
                found,
                Json.read(text, EmbeddingDescription.class, found.file(MARKER).toString(), "/leftOut", "/checksums"));
    }

    /** Whether preprocess has finished a folder there. */
    public static boolean isFinished(Configuration hadoop, String folder) {
        return Folder.of(hadoop, folder).has(MARKER);
    }

    /**
     * Keeps other writers from a folder until the lock is closed.
     *
     * @param command what is going to write it
     * @param timeout after how much silence another's lock counts as left behind
     * @throws InvalidInputException in one sentence, if another job is writing it
     */
    public static RunLock lock(Configuration hadoop, String folder, String command, Duration timeout) {
        return RunLock.acquire(lockPlace(hadoop, folder), List.of(), command, timeout, false);
    }

    /** As {@link #lock}, but waits for another writer to end. */
    public static RunLock lockWhenFree(Configuration hadoop, String folder, String command, Duration timeout) {
        return RunLock.acquire(lockPlace(hadoop, folder), List.of(), command, timeout, true);
    }

    private static LockPlace lockPlace(Configuration hadoop, String folder) {
        return LockPlace.in(Folder.of(hadoop, folder), "the folder " + folder, "give another noprop.data.embeddings");
    }

    /**
     * Requires that embeddings do not go where the images lie that they are made of, however the two paths are spelt.
     *
     * @param source where the images lie
     * @throws InvalidInputException if one is the other, or lies in it
     */
    public static void requireApart(Configuration hadoop, String folder, String source) {
        URI target = resolved(Folder.of(hadoop, folder));
        URI images = resolved(Folder.of(hadoop, source));
        if (isWithin(target, images) || isWithin(images, target)) {
            throw new InvalidInputException(
                    "Embeddings cannot be written to " + folder + ": noprop.data.path = " + source
                            + ", from which they are made, is that folder, holds it or lies in it; give another"
                            + " noprop.data.embeddings");
        }
    }

    private static boolean isWithin(URI below, URI above) {
        boolean sameSystem = Objects.equals(below.getScheme(), above.getScheme())
                && (Objects.equals(below.getAuthority(), above.getAuthority())
                        || (Objects.equals(below.getHost(), above.getHost())
                                && (below.getPort() < 0 || above.getPort() < 0)));
        return sameSystem && withSlash(below).startsWith(withSlash(above));
    }

    private static String withSlash(URI folder) {
        return folder.getPath().endsWith("/") ? folder.getPath() : folder.getPath() + "/";
    }

    /** Its path in full, without {@code ..}, and on a local disk without symbolic links. */
    private static URI resolved(Folder folder) {
        FileSystem system = folder.system();
        if (!(system instanceof LocalFileSystem local)) {
            return system.makeQualified(folder.path()).toUri().normalize();
        }
        Path path = local.pathToFile(folder.path()).toPath().toAbsolutePath();
        Path there = path;
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            return there.toRealPath()
                    .resolve(there.relativize(path))
                    .normalize()
                    .toUri();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look for " + folder, e);
        }
    }

    /**
     * Makes a folder ready to be written: deletes what a job that did not finish has left, which is known by the mark that
     * is written here before anything else.
     *
     * @param job what is going to write it
     * @throws InvalidInputException if anything lies there that no such job has left; nothing is deleted then
     */
    public static void begin(Configuration hadoop, String folder, String job) {
        Folder target = Folder.of(hadoop, folder);
        List<String> there =
                target.names().stream().filter(name -> !LockPlace.owns(name)).toList();
        Stream<String> others = there.stream().filter(name -> !OURS.contains(name));
        Stream<String> amongOurs = TABLES.stream().flatMap(table -> new TableFolder(target.folder(table))
                .otherThanTable().map(name -> table + "/" + name).stream());
        Stream.concat(others, amongOurs).findFirst().ifPresent(name -> {
            throw new InvalidInputException("There are other files in " + folder + ", such as " + name
                    + "; noprop.data.embeddings must name a folder of its own");
        });
        if (!there.isEmpty() && !there.contains(MARK)) {
            throw new InvalidInputException("Nothing in " + folder + " is overwritten: there is " + there.get(0)
                    + " and no "
                    + MARK + ", by which unfinished embeddings are known; give another noprop.data.embeddings or, if an"
                    + " earlier version of preprocess left that folder, delete it");
        }
        target.writeText(MARK, Json.write(LockRecord.of("", job, List.of())));
        there.stream().filter(name -> !name.equals(MARK)).forEach(target::delete);
        target.deleteUnfinished(UNFINISHED_AFTER);
    }

    /** The folder of a split's Parquet files. */
    public static String splitFolder(String folder, Split split) {
        return folder + "/" + split.folder();
    }

    /**
     * Makes the Parquet files in a folder valid by writing {@code embeddings.json}.
     *
     * @param readme the dataset card, written before it as README.md
     */
    public static void finish(Configuration hadoop, String folder, EmbeddingDescription description, String readme) {
        Folder target = Folder.of(hadoop, folder);
        target.writeText(CARD, readme);
        Map<String, String> checksums = new TreeMap<>();
        for (String name : List.of(TENSORS, PICTURES)) {
            if (target.has(name)) {
                checksums.put(name, Checksums.sha256(target.read(name)));
            }
        }
        target.writeText(MARKER, Json.write(description.withChecksums(checksums)));
        target.delete(MARK);
    }

    /**
     * Stores the figures of the embedder that are too many for its description.
     *
     * @param tensors by name
     */
    public static void writeTensors(Configuration hadoop, String folder, SortedMap<String, Tensor> tensors) {
        Folder.of(hadoop, folder).write(TENSORS, Safetensors.encode(tensors));
    }

    /**
     * The figures of the embedder that are too many for its description; none for an embedder of few.
     *
     * @throws InvalidInputException if they are damaged
     */
    public SortedMap<String, Tensor> tensors() {
        return tensors(TENSORS);
    }

    private SortedMap<String, Tensor> tensors(String name) {
        String expected = description.checksums().get(name);
        if (expected == null && !folder.has(name)) {
            return new TreeMap<>();
        }
        byte[] bytes = folder.has(name) ? folder.read(name) : null;
        if (bytes == null || (expected != null && !Checksums.sha256(bytes).equals(expected))) {
            throw new DamagedFileException(
                    "Cannot read " + folder.file(name) + ": it "
                            + (bytes == null ? "is missing" : "does not match its checksum in " + MARKER)
                            + "; delete the folder of embeddings and run preprocess again",
                    null);
        }
        return Safetensors.decodeFinite(bytes, folder.file(name).toString());
    }

    /** Stores the first images of some splits, in the order of the rows. */
    public static void writePictures(Configuration hadoop, String folder, Map<Split, Pictures> pictures) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        pictures.forEach((split, images) -> tensors.put(split.folder(), images.tensor()));
        Folder.of(hadoop, folder).write(PICTURES, Safetensors.encode(tensors));
    }

    /**
     * The first images of a split, in the order of the rows; nothing where they were not stored.
     *
     * @throws InvalidInputException if they are damaged
     */
    public Optional<Pictures> pictures(Split split) {
        return Optional.ofNullable(tensors(PICTURES).get(split.folder()))
                .map(tensor -> Pictures.of(tensor, folder.file(PICTURES).toString()));
    }

    /** What it holds. */
    public EmbeddingDescription description() {
        return description;
    }

    /**
     * All rows of a split, in memory.
     *
     * @throws InvalidInputException naming the file that is missing or damaged, or whose widths, labels or
     *     ids do not fit the description
     */
    public EmbeddingTable read(Split split) {
        List<EmbeddingFile> files = files(split);
        EmbeddingTable.Builder table = new EmbeddingTable.Builder(rows(split, files), description.width());
        files.forEach(file -> file.readInto(table));
        return table.build();
    }

    /**
     * The row groups of a split whose image embeddings stay in their files; ids and labels are read.
     *
     * @throws InvalidInputException as {@link #read}
     */
    public EmbeddingGroups groups(Split split) {
        List<EmbeddingFile> files = files(split);
        EmbeddingTable.Builder keys = new EmbeddingTable.Builder(rows(split, files), 0);
        List<EmbeddingGroups.Address> addresses = new ArrayList<>();
        for (EmbeddingFile file : files) {
            int count = file.readInto(keys);
            for (int index = 0; index < count; index++) {
                addresses.add(new EmbeddingGroups.Address(file, index));
            }
        }
        return new EmbeddingGroups(keys.build(), addresses, description.width());
    }

    /** As many as the description promises, and the files have: nothing is allocated for a promise alone. */
    private long rows(Split split, List<EmbeddingFile> files) {
        long promised = description.rows().getOrDefault(split, 0L);
        long found = files.stream().mapToLong(EmbeddingFile::rows).sum();
        if (found != promised) {
            throw new DamagedFileException(
                    "Embeddings in " + folder.folder(split.folder()) + " have " + found + " rows where " + MARKER
                            + " promises " + promised + "; a Parquet file is missing or too many there, so delete "
                            + folder + " and run preprocess again",
                    null);
        }
        return promised;
    }

    /** In the order of their names, which is that of their ids. */
    private List<EmbeddingFile> files(Split split) {
        Folder in = folder.folder(split.folder());
        return in.list().stream()
                .map(file -> file.getPath().getName())
                .filter(name -> name.endsWith(".parquet"))
                .map(name -> new EmbeddingFile(folder.hadoop(), in.file(name), description))
                .toList();
    }
}
