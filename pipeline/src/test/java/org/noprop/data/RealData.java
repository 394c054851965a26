package org.noprop.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The published datasets, where environment variable NOPROP_DATA names the folder that holds theirs. */
final class RealData {
    private RealData() {}

    /** The folder of a dataset; skips the test where there is none. */
    static String folder(String name) {
        String root = System.getenv("NOPROP_DATA");
        assumeTrue(root != null, "NOPROP_DATA is not set: no published data to read");
        Path folder = Path.of(root, name);
        assumeTrue(Files.isDirectory(folder), "There is no " + folder);
        return folder.toString();
    }
}
