package org.noprop.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.noprop.data.InvalidInputException;

/**
 * The files below a path that a user gave.
 *
 * @param hadoop settings of the file systems
 * @param path a file or a folder
 * @param setting where the user gave it
 */
record InputFiles(Configuration hadoop, String path, String setting) {

    /** Whether there are Parquet files, and not images, by the first file that is either. */
    boolean areParquet() {
        boolean[] parquet = {false};
        boolean any = visit(file -> {
            parquet[0] = isParquet(file);
            return parquet[0] || isImage(file);
        });
        if (!any) {
            throw new InvalidInputException(
                    "There are neither Parquet files nor PNG or JPEG images in " + path + "; correct " + setting);
        }
        return parquet[0];
    }

    static boolean isParquet(FileStatus file) {
        return file.getPath().getName().endsWith(".parquet");
    }

    static boolean isImage(FileStatus file) {
        return file.getPath().getName().toLowerCase(Locale.ROOT).matches(".*\\.(png|jpg|jpeg)");
    }

    /** What stands behind the path in the name of a file; empty for the path itself. */
    String below(Path file) {
        String whole = file.toString();
        String base = Paths.qualified(hadoop, path);
        return whole.length() > base.length() ? whole.substring(base.length() + 1) : "";
    }

    /**
     * Shows the files, of folders in folders, too, to {@code look} until it says that it has seen enough; whether it did.
     *
     * @throws InvalidInputException if there is no such path
     */
    boolean visit(Predicate<LocatedFileStatus> look) {
        Path start = new Path(path);
        try {
            RemoteIterator<LocatedFileStatus> files =
                    start.getFileSystem(hadoop).listFiles(start, true);
            while (files.hasNext()) {
                if (look.test(files.next())) {
                    return true;
                }
            }
            return false;
        } catch (FileNotFoundException e) {
            throw new InvalidInputException("There is no " + path + "; correct " + setting, e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + path, e);
        }
    }
}
