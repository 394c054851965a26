package org.noprop.jobs;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Opens Spark sessions with what this program needs wherever the user's Spark configuration does not say otherwise. */
final class Sessions {
    private Sessions() {}

    /** A session for a command; under spark-submit it has spark-submit's settings. */
    static SparkSession open(Command command) {
        return SparkSession.builder()
                .config(withDefaults(new SparkConf(), command))
                .getOrCreate();
    }

    /** Adds our defaults to {@code conf} where it has no value. */
    static SparkConf withDefaults(SparkConf conf, Command command) {
        conf.setIfMissing("spark.master", "local[*]")
                .setIfMissing("spark.app.name", "noprop " + command.commandName())
                .setIfMissing("spark.ui.showConsoleProgress", "false")
                .setIfMissing("spark.sql.session.timeZone", "UTC")
                // One native thread a task: with more they spin and slow each other down.
                .setIfMissing("spark.executorEnv.OMP_NUM_THREADS", conf.get("spark.task.cpus", "1"));
        if (conf.get("spark.master").startsWith("local")) {
            // A laptop's host name often resolves to nothing that can be bound.
            conf.setIfMissing("spark.driver.host", "localhost");
        }
        return conf;
    }
}
