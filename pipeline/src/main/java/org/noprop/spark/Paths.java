package org.noprop.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Paths that mean the same on every machine: a relative one is relative to the driver's working directory. */
final class Paths {
    private Paths() {}

    /** The path with its file system and in full. */
    static String qualified(Configuration hadoop, String path) {
        try {
            Path given = new Path(path);
            return given.getFileSystem(hadoop).makeQualified(given).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot reach the file system of " + path, e);
        }
    }
}
