package org.noprop.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine.IVersionProvider;

/** What this program was built from, as the build recorded it. */
final class Versions implements IVersionProvider {

    /** Versions and commit by name: noprop, commit, spark, nd4j, backend. */
    static Map<String, String> build() {
        Properties recorded = new Properties();
        recorded.setProperty("commit", "unknown");
        load("build.properties", recorded);
        load("commit.properties", recorded);
        Map<String, String> versions = new TreeMap<>();
        recorded.stringPropertyNames().forEach(name -> versions.put(name, recorded.getProperty(name)));
        return versions;
    }

    private static void load(String name, Properties properties) {
        try (InputStream resource = Versions.class.getResourceAsStream(name)) {
            if (resource != null) {
                properties.load(resource);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String[] getVersion() {
        Map<String, String> build = build();
        return new String[] {
            "noprop " + build.get("noprop") + " (commit " + build.get("commit") + ")",
            "Spark " + build.get("spark") + ", DL4J and ND4J " + build.get("nd4j"),
            "Natives: " + build.get("natives") + "; each JVM takes the widest that its processor runs",
            "CUDA: " + cuda(build.get("backend")),
            "Java " + System.getProperty("java.version")
        };
    }

    private static String cuda(String backend) {
        return backend.contains("cuda")
                ? "built for " + backend
                        + ", compute capability 3.7 to 8.9, which is checked; not run on a device by us"
                : "not in this build; mvn -Pcuda package makes one, which we have not run on a device";
    }
}
