package org.noprop.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Paths;

/**
 * The files below a path that a user gave, listed once. Each is an image or a Parquet file by its ending, in whatever case,
 * or is left out for a reason that is counted. Links of a local disk are followed, but not in circles. In a folder files
 * come before folders, both in the order of their names' bytes, so that the lists are the same on every machine.
 *
 * @param path a file or a folder, as the user wrote it
 * @param setting where the user gave it
 * @param single whether the path is that of one file
 * @param images files whose ending is that of an image format
 * @param parquet files whose ending is that of Parquet
 * @param leftOut how many others there are, by {@link #HIDDEN} and so on; a folder that is left out counts as one
 */
record InputFiles(
        String path,
        String setting,
        boolean single,
        FileList images,
        FileList parquet,
        SortedMap<String, Long> leftOut) {
    /** What systems, editors and Spark itself leave behind. */
    static final String HIDDEN = "hidden";
    /** Files of another kind, devices and pipes among them, which may never end. */
    static final String OTHER = "of another kind";
    /** Links to nothing, or to a folder that they are in. */
    static final String BROKEN_LINK = "broken links";
    /** Folders with nothing in them, such as those of classes that were never filled. */
    static final String EMPTY = "empty folders";
    /** Files that this process may not look at. */
    static final String UNREADABLE = "unreadable";

    private static final Pattern IMAGE = Pattern.compile(".*\\.(png|jpe?g|jpe|jfif|gif|bmp|tiff?|webp)");
    private static final String PARQUET = ".parquet";
    private static final Set<String> LEFT_BEHIND = Set.of(
            "__macosx",
            "thumbs.db",
            "desktop.ini",
            "@eadir",
            "$recycle.bin",
            "system volume information",
            "lost+found");

    /** Copies the counts. */
    InputFiles {
        leftOut = Collections.unmodifiableSortedMap(new TreeMap<>(leftOut));
    }

    /**
     * Lists them.
     *
     * @param hadoop settings of the file systems
     * @throws InvalidInputException if there is no such path, a folder may not be read, or a name cannot be represented in
     *     this process's character set
     */
    static InputFiles list(Configuration hadoop, String path, String setting) {
        Path start = Paths.of(path);
        try {
            FileSystem system = start.getFileSystem(hadoop);
            Path whole = system.makeQualified(start);
            Disk disk = system instanceof LocalFileSystem local
                    ? new LocalDisk(local.pathToFile(whole).toPath(), setting)
                    : new HadoopDisk(system, whole);
            return new Walk(disk, whole).list(path, setting);
        } catch (FileNotFoundException | java.nio.file.NoSuchFileException e) {
            throw new InvalidInputException("There is no " + path + "; correct " + setting, e);
        } catch (AccessDeniedException | AccessControlException e) {
            throw new InvalidInputException(
                    "Files in " + path + " may not be listed by this process (" + e.getMessage()
                            + "); give it the permission, or correct " + setting,
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + path, e);
        }
    }

    /**
     * Whether there are Parquet files, and no images.
     *
     * @throws InvalidInputException if there are neither, or both
     */
    boolean areParquet() {
        if (images.size() == 0 && parquet.size() == 0) {
            throw new InvalidInputException(
                    "There are neither Parquet files nor images in " + path + leftOutSaid() + "; correct " + setting);
        }
        if (images.size() > 0 && parquet.size() > 0) {
            throw new InvalidInputException("There are both images, such as " + images.name(0)
                    + ", and Parquet files, such as " + parquet.name(0) + ", in " + path + "; let " + setting
                    + " name a folder of one kind");
        }
        return images.size() == 0;
    }

    /** What is left out, in brackets, to be said where nothing else is there. */
    String leftOutSaid() {
        return leftOut.isEmpty() ? "" : " (left out: " + said(leftOut) + ")";
    }

    /** Numbers of files by their reason: {@code 3 hidden, 1 of another kind}; or {@code none}. */
    static String said(Map<String, Long> leftOut) {
        return leftOut.isEmpty()
                ? "none"
                : String.join(
                        ", ",
                        new TreeMap<>(leftOut)
                                .entrySet().stream()
                                        .map(entry ->
                                                String.format(Locale.ROOT, "%,d %s", entry.getValue(), entry.getKey()))
                                        .toList());
    }

    /** A file or a folder in a folder; the key is that of a folder, by which circles are found. */
    private record Entry(String name, boolean folder, long bytes, Object key) {}

    /** Folders and what is in them. */
    private interface Disk {
        /** The entry of the path itself. */
        Entry start() throws IOException;

        /**
         * What is in a folder, but for what is hidden.
         *
         * @param folder below the path; empty for the path itself
         * @param leftOut counts what is left out
         */
        List<Entry> entries(String folder, Walk leftOut) throws IOException;
    }

    /** A local disk: Hadoop's file system knows neither links nor names with colons. */
    private record LocalDisk(java.nio.file.Path base, String setting) implements Disk {
        @Override
        public Entry start() throws IOException {
            BasicFileAttributes attributes = attributes(base);
            if (attributes.isOther()) {
                throw new InvalidInputException(base + " is neither a file nor a folder; correct " + setting);
            }
            return entry("", attributes);
        }

        @Override
        public List<Entry> entries(String folder, Walk leftOut) throws IOException {
            List<Entry> entries = new ArrayList<>();
            try (DirectoryStream<java.nio.file.Path> children = Files.newDirectoryStream(base.resolve(folder))) {
                for (java.nio.file.Path child : children) {
                    String name = child.getFileName().toString();
                    if (isHidden(name)) {
                        leftOut.count(HIDDEN);
                        continue;
                    }
                    requireRepresented(child, name);
                    try {
                        BasicFileAttributes attributes = attributes(child);
                        if (attributes.isOther()) {
                            leftOut.count(OTHER);
                        } else {
                            entries.add(entry(name, attributes));
                        }
                    } catch (AccessDeniedException e) {
                        leftOut.count(UNREADABLE);
                    } catch (java.nio.file.FileSystemException e) {
                        leftOut.count(BROKEN_LINK);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            return entries;
        }

        private static BasicFileAttributes attributes(java.nio.file.Path file) throws IOException {
            return Files.readAttributes(file, BasicFileAttributes.class);
        }

        private static Entry entry(String name, BasicFileAttributes attributes) {
            return new Entry(name, attributes.isDirectory(), attributes.size(), attributes.fileKey());
        }

        /** A name that comes back as other bytes would be that of another file, or of none. */
        private void requireRepresented(java.nio.file.Path child, String name) {
            boolean represented;
            try {
                represented = child.resolveSibling(name).equals(child);
            } catch (InvalidPathException e) {
                represented = false;
            }
            if (!represented) {
                String encoding = System.getProperty("sun.jnu.encoding");
                throw new InvalidInputException("The name of " + child + " cannot be represented in the character set "
                        + encoding + " of this process; rename it"
                        + (encoding.equals("UTF-8")
                                ? ""
                                : ", or start the job in a UTF-8 locale, such as LC_ALL=C.UTF-8")
                        + " (" + setting + ")");
            }
        }
    }

    private record HadoopDisk(FileSystem system, Path base) implements Disk {
        @Override
        public Entry start() throws IOException {
            return entry(system.getFileStatus(base));
        }

        @Override
        public List<Entry> entries(String folder, Walk leftOut) throws IOException {
            List<Entry> entries = new ArrayList<>();
            RemoteIterator<FileStatus> children =
                    system.listStatusIterator(folder.isEmpty() ? base : new Path(base + "/" + folder));
            while (children.hasNext()) {
                FileStatus child = children.next();
                if (isHidden(child.getPath().getName())) {
                    leftOut.count(HIDDEN);
                } else {
                    entries.add(entry(child));
                }
            }
            return entries;
        }

        private static Entry entry(FileStatus status) {
            return new Entry(status.getPath().getName(), status.isDirectory(), status.getLen(), status.getPath());
        }
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".") || LEFT_BEHIND.contains(name.toLowerCase(Locale.ROOT));
    }

    /** One walk over folders. */
    private static final class Walk {
        private static final Comparator<Entry> BY_NAME =
                Comparator.comparing(entry -> entry.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

        private final Disk disk;
        private final Path whole;
        private final SortedMap<String, Long> leftOut = new TreeMap<>();
        /** The folders that the present one is in. */
        private final Deque<Object> around = new ArrayDeque<>();

        private FileList.Builder images;
        private FileList.Builder parquet;

        Walk(Disk disk, Path whole) {
            this.disk = disk;
            this.whole = whole;
        }

        InputFiles list(String path, String setting) throws IOException {
            Entry start = disk.start();
            String base = (start.folder() ? whole : whole.getParent()).toString();
            images = new FileList.Builder(base);
            parquet = new FileList.Builder(base);
            if (start.folder()) {
                walk("", start.key());
            } else {
                file("", new Entry(whole.getName(), false, start.bytes(), start.key()));
            }
            return new InputFiles(path, setting, !start.folder(), images.build(), parquet.build(), leftOut);
        }

        private void walk(String folder, Object key) throws IOException {
            around.push(key);
            List<Entry> entries = disk.entries(folder, this);
            if (entries.isEmpty() && !folder.isEmpty()) {
                count(EMPTY);
            }
            entries.sort(BY_NAME);
            for (Entry entry : entries) {
                if (!entry.folder()) {
                    file(folder, entry);
                }
            }
            List<Entry> folders = entries.stream().filter(Entry::folder).toList();
            entries.clear();
            for (Entry entry : folders) {
                if (around.contains(entry.key())) {
                    count(BROKEN_LINK);
                } else {
                    walk(folder.isEmpty() ? entry.name() : folder + "/" + entry.name(), entry.key());
                }
            }
            around.pop();
        }

        private void file(String folder, Entry entry) {
            String lower = entry.name().toLowerCase(Locale.ROOT);
            byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
            if (lower.endsWith(PARQUET)) {
                if (isSparks(folder, entry.name())) {
                    count(HIDDEN);
                } else {
                    parquet.add(folder, name, entry.bytes());
                }
            } else if (IMAGE.matcher(lower).matches()) {
                images.add(folder, name, entry.bytes());
            } else {
                count(OTHER);
            }
        }

        /** Tables have metadata and unfinished files under names with a leading _, which Spark passes over, too. */
        private static boolean isSparks(String folder, String name) {
            return Arrays.stream((folder + "/" + name).split("/"))
                    .anyMatch(step -> step.startsWith("_") && !step.contains("="));
        }

        void count(String reason) {
            leftOut.merge(reason, 1L, Long::sum);
        }
    }
}
