package org.noprop.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Paths as users write them: each names one file or folder, whatever characters are in it. */
public final class Paths {
    private static final Pattern OF_A_FILE_SYSTEM = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:/.*");
    private static final Pattern OF_ANOTHER_MACHINE = Pattern.compile("file://([^/]+)(/.*)?");

    private Paths() {}

    /**
     * A path; a colon in the name of a relative one ends no scheme.
     *
     * @throws InvalidInputException if it is no path, such as {@code file://photos}
     */
    public static Path of(String path) {
        if (OF_ANOTHER_MACHINE.matcher(path).matches()) {
            throw new InvalidInputException(path
                    + " names a machine behind file://, where a path of this one begins with file:///; correct it");
        }
        int colon = path.indexOf(':');
        int slash = path.indexOf('/');
        boolean colonInAName = colon >= 0 && (slash < 0 || colon < slash);
        try {
            return new Path(colonInAName && !OF_A_FILE_SYSTEM.matcher(path).matches() ? "./" + path : path);
        } catch (IllegalArgumentException e) {
            String reason = e.getCause() instanceof URISyntaxException syntax ? syntax.getReason() : e.getMessage();
            throw new InvalidInputException("\"" + path + "\" is no path (" + reason + "); correct it", e);
        }
    }

    /** The path with its file system and in full; a relative one is relative to the driver's working directory. */
    public static String qualified(Configuration hadoop, String path) {
        try {
            Path given = of(path);
            return given.getFileSystem(hadoop).makeQualified(given).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot reach the file system of " + path, e);
        }
    }
}
