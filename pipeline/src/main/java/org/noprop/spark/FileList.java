package org.noprop.spark;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Paths and sizes of many files in little memory: a file takes its name in UTF-8 and 8 bytes more, a folder its path once.
 * A million files whose names have 12 characters take 20 MB.
 */
final class FileList implements Serializable {
    private static final String SEPARATOR = "/";

    private final String base;
    /** Below the base; empty for the base itself. */
    private final List<String> folders;
    /** Which file is the first of a folder. */
    private final int[] firsts;

    private final byte[] names;
    /** Where the name of a file ends. */
    private final int[] ends;

    private final int[] sizes;

    private FileList(String base, List<String> folders, int[] firsts, byte[] names, int[] ends, int[] sizes) {
        this.base = base;
        this.folders = folders;
        this.firsts = firsts;
        this.names = names;
        this.ends = ends;
        this.sizes = sizes;
    }

    /** How many files there are. */
    int size() {
        return ends.length;
    }

    /** The folder that all paths are below, with its file system and in full. */
    String base() {
        return base;
    }

    /** No files, below the same folder. */
    FileList none() {
        return new Builder(base).build();
    }

    /** The folders that files lie in, below the base; empty for the base itself. */
    List<String> folders() {
        return folders;
    }

    /** The path of a file below the base: {@code train/cat/1.png}. */
    String name(int file) {
        String folder = folder(file);
        String own = new String(ownName(file), StandardCharsets.UTF_8);
        return folder.isEmpty() ? own : folder + SEPARATOR + own;
    }

    /** The folder of a file below the base: {@code train/cat}; empty for the base itself. */
    String folder(int file) {
        int found = Arrays.binarySearch(firsts, file);
        return folders.get(found < 0 ? -found - 2 : found);
    }

    /** The path of a file with its file system and in full. */
    String path(int file) {
        return base + (base.endsWith(SEPARATOR) ? "" : SEPARATOR) + name(file);
    }

    /** All paths, in full. */
    List<String> paths() {
        return IntStream.range(0, size()).mapToObj(this::path).toList();
    }

    /** Bytes of a file; of 2 GB and more, {@link Integer#MAX_VALUE}. */
    int bytes(int file) {
        return sizes[file];
    }

    /** Those of these files that are asked for, in the same order. */
    FileList where(IntPredicate wanted) {
        Builder chosen = new Builder(base);
        for (int file = 0; file < size(); file++) {
            if (wanted.test(file)) {
                chosen.add(folder(file), ownName(file), sizes[file]);
            }
        }
        return chosen.build();
    }

    /**
     * Runs of neighbouring files.
     *
     * @param mostBytes of the files of a run, unless it is of one file
     * @param mostFiles of a run
     */
    List<FileList> runs(long mostBytes, int mostFiles) {
        List<FileList> runs = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int file = 0; file < size(); file++) {
            if (file > from && (bytes + sizes[file] > mostBytes || file - from == mostFiles)) {
                runs.add(run(from, file));
                from = file;
                bytes = 0;
            }
            bytes += sizes[file];
        }
        if (from < size()) {
            runs.add(run(from, size()));
        }
        return runs;
    }

    private FileList run(int from, int to) {
        Builder run = new Builder(base);
        IntStream.range(from, to).forEach(file -> run.add(folder(file), ownName(file), sizes[file]));
        return run.build();
    }

    private byte[] ownName(int file) {
        return Arrays.copyOfRange(names, file == 0 ? 0 : ends[file - 1], ends[file]);
    }

    /** Adds files one by one; those of a folder follow each other. */
    static final class Builder {
        private final String base;
        private final List<String> folders = new ArrayList<>();
        private final IntStream.Builder firsts = IntStream.builder();
        private final ByteArrayOutputStream names = new ByteArrayOutputStream();
        private final IntStream.Builder ends = IntStream.builder();
        private final IntStream.Builder sizes = IntStream.builder();
        private int files;

        Builder(String base) {
            this.base = base;
        }

        void add(String folder, byte[] name, long bytes) {
            if (folders.isEmpty() || !folders.get(folders.size() - 1).equals(folder)) {
                folders.add(folder);
                firsts.add(files);
            }
            names.writeBytes(name);
            ends.add(names.size());
            sizes.add((int) Math.min(bytes, Integer.MAX_VALUE));
            files++;
        }

        FileList build() {
            return new FileList(
                    base,
                    List.copyOf(folders),
                    firsts.build().toArray(),
                    names.toByteArray(),
                    ends.build().toArray(),
                    sizes.build().toArray());
        }
    }
}
