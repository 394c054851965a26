package org.noprop.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.noprop.data.DigitSource;
import org.noprop.data.ImageSource.Part;
import org.noprop.spark.PngFiles;

/**
 * Runs many command lines of NoProp in one JVM, for benchmarks that compare what they write.
 *
 * <pre>
 * CommandLines run FILE      each line of the file a command, its words apart by spaces; all are run, whatever fails
 * CommandLines images DIR    draws PNG files in DIR/train and DIR/test, a folder a class
 * </pre>
 */
final class CommandLines {
    private static final int TRAIN = 200;
    private static final int TEST = 40;

    private CommandLines() {}

    /** Ends with 1 if a command did not end with 0. */
    public static void main(String[] arguments) throws IOException {
        Path place = Path.of(arguments[1]);
        if (arguments[0].equals("images")) {
            DigitSource digits = new DigitSource(TRAIN, TEST, 3);
            PngFiles.write(digits, Part.TRAIN, TRAIN, place.resolve("train"));
            PngFiles.write(digits, Part.TEST, TEST, place.resolve("test"));
            return;
        }
        boolean failed = false;
        for (String line : Files.readAllLines(place)) {
            long start = System.nanoTime();
            int exit = NoProp.execute(line.split(" ", -1));
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            System.out.println("exit code " + exit + " after " + seconds + " s: " + line);
            failed |= exit != 0;
        }
        System.exit(failed ? 1 : 0);
    }
}
