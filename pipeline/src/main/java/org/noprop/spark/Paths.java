package org.noprop.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Paths as users write them: each names one file or folder, whatever characters are in it. */
final class Paths {
    private static final Pattern OF_A_FILE_SYSTEM = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:/.*");

    private Paths() {}

    /** A path; a colon in the name of a relative one ends no scheme. */
    static Path of(String path) {
        int colon = path.indexOf(':');
        int slash = path.indexOf('/');
        boolean colonInAName = colon >= 0 && (slash < 0 || colon < slash);
        return new Path(colonInAName && !OF_A_FILE_SYSTEM.matcher(path).matches() ? "./" + path : path);
    }

    /** The path with its file system and in full; a relative one is relative to the driver's working directory. */
    static String qualified(Configuration hadoop, String path) {
        try {
            Path given = of(path);
            return given.getFileSystem(hadoop).makeQualified(given).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot reach the file system of " + path, e);
        }
    }

    /** The rows of Parquet files or folders by their paths, in which Spark would otherwise take {@code [ ] { } * ?} for patterns. */
    static Dataset<Row> parquet(SparkSession session, List<String> paths) {
        return session.read().option("__globPaths__", "false").parquet(paths.toArray(String[]::new));
    }
}
