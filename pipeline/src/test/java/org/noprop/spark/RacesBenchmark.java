package org.noprop.spark;

import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.SparkSession;

/** Runs races on a local disk, on HDFS and on a server of S3, and prints how they ended. */
public final class RacesBenchmark {
    private RacesBenchmark() {}

    /**
     * Runs it.
     *
     * @param arguments races of each kind, the address of the server, and a part of the name of the one file system to
     *     run on, where it is not all
     */
    public static void main(String[] arguments) throws Exception {
        int races = Integer.parseInt(arguments[0]);
        Path work = Files.createTempDirectory("races");
        Configuration settings = new HdfsConfiguration();
        MiniDFSCluster hdfs = new MiniDFSCluster.Builder(
                        settings, work.resolve("hdfs").toFile())
                .numDataNodes(1)
                .build();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println(
                "| file system | several want at once | races | most holders | stack traces | one went on | seconds |");
        out.println("|---|---|---|---|---|---|---|");
        try (SparkSession session = LocalSpark.withCores(2)) {
            useServer(session.sparkContext().hadoopConfiguration(), arguments[1]);
            Map<String, String> folders = new LinkedHashMap<>();
            folders.put("local disk", work.resolve("runs").toString());
            folders.put("HDFS", hdfs.getURI() + "/runs");
            folders.put("S3", "s3a://races/runs");
            folders.keySet().removeIf(name -> arguments.length > 2 && !name.contains(arguments[2]));
            for (Map.Entry<String, String> folder : folders.entrySet()) {
                Races on = new Races(session, folder.getValue());
                for (Races.Kind kind : Races.Kind.values()) {
                    out.println("| " + folder.getKey() + " | " + what(kind) + " | " + row(on, kind, races) + " |");
                }
            }
        } finally {
            hdfs.shutdown();
        }
    }

    private static String what(Races.Kind kind) {
        return switch (kind) {
            case LOCK -> "the lock of a run";
            case TURNS -> "the lock, one after the other";
            case STALE -> "a lock that was left behind";
            case RUN -> "to begin a new run";
            case EMBEDDINGS -> "to write embeddings";
            case FILE -> "to write a file, and to read it";
        };
    }

    private static String row(Races on, Races.Kind kind, int races) throws Exception {
        int holders = 0;
        int traces = 0;
        int right = 0;
        long start = System.nanoTime();
        for (int race = 1; race <= races; race++) {
            Races.Outcome outcome = on.run(kind, race);
            holders = Math.max(holders, outcome.holders());
            traces += outcome.traces().size();
            right += outcome.isRight() ? 1 : 0;
            outcome.traces().forEach(Throwable::printStackTrace);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return String.format(Locale.ROOT, "%d | %d | %d | %d | %.0f", races, holders, traces, right, seconds);
    }

    private static void useServer(Configuration hadoop, String address) throws Exception {
        hadoop.set("fs.s3a.endpoint", address);
        hadoop.set("fs.s3a.access.key", "races");
        hadoop.set("fs.s3a.secret.key", "races");
        hadoop.setBoolean("fs.s3a.path.style.access", true);
        hadoop.setBoolean("fs.s3a.connection.ssl.enabled", false);
        FileSystem.get(URI.create("s3a://races/"), hadoop).close();
    }
}
