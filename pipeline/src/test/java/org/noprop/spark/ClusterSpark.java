package org.noprop.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Spark sessions of tests on a cluster in this machine: a master, workers, and executors in processes of their own. */
final class ClusterSpark {
    private static final int WORKER_MEGABYTES = 1024;

    private ClusterSpark() {}

    /**
     * A session, which the test stops, on a cluster that ends with it. Executors have the tests' class path, since
     * there is no Spark distribution: its home is a folder with an empty {@code jars/}.
     *
     * @param workers each with one executor
     * @param cores of each
     * @param settings further ones of Spark's
     */
    static SparkSession start(int workers, int cores, Map<String, String> settings) {
        return start(workers, cores, WORKER_MEGABYTES, settings);
    }

    /** The same with workers of so many megabytes for the heaps of executors. */
    static SparkSession start(int workers, int cores, int megabytes, Map<String, String> settings) {
        return session("local-cluster[" + workers + "," + cores + "," + megabytes + "]", settings);
    }

    /** A session on a cluster whose executors have the tests' class path. */
    static SparkSession session(String master, Map<String, String> settings) {
        makeHome();
        SparkSession.Builder builder = SparkSession.builder()
                .master(master)
                .appName("test")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "localhost")
                .config("spark.executor.memory", "700m")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config("spark.executorEnv.OMP_NUM_THREADS", "1");
        settings.forEach(builder::config);
        return builder.getOrCreate();
    }

    static void makeHome() {
        try {
            Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
