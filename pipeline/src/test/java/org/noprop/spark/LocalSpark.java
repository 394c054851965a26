package org.noprop.spark;

import org.apache.spark.sql.SparkSession;

/** Spark sessions of tests: in this process, quiet, without an interface. */
final class LocalSpark {
    private LocalSpark() {}

    /** A session with this many cores, which the test stops. */
    static SparkSession withCores(int cores) {
        return SparkSession.builder()
                .master("local[" + cores + "]")
                .appName("test")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .getOrCreate();
    }
}
