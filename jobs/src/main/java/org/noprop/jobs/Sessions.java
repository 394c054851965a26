package org.noprop.jobs;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import org.noprop.data.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** Opens Spark sessions with what this program needs wherever the user's Spark configuration does not say otherwise. */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private Sessions() {}

    /** A session for a command; under spark-submit it has spark-submit's settings. */
    static SparkSession open(String command) {
        SparkConf conf = withDefaults(new SparkConf(), command);
        makeEventLogFolder(conf);
        // Made by the session, the context would take spark-submit's settings again, those dropped here too.
        SparkContext.getOrCreate(conf);
        return SparkSession.builder().config(conf).getOrCreate();
    }

    /** Adds our defaults to {@code conf} where it has no value. */
    static SparkConf withDefaults(SparkConf conf, String command) {
        conf.setIfMissing("spark.master", "local[*]")
                .setIfMissing("spark.app.name", "noprop " + command)
                .setIfMissing("spark.ui.showConsoleProgress", "false")
                .setIfMissing("spark.sql.session.timeZone", "UTC")
                // One native thread a task: with more they spin and slow each other down.
                .setIfMissing("spark.executorEnv.OMP_NUM_THREADS", conf.get("spark.task.cpus", "1"));
        if (conf.get("spark.master").startsWith("local")) {
            // A laptop's host name often resolves to nothing that can be bound.
            conf.setIfMissing("spark.driver.host", "localhost");
        }
        if (conf.get("spark.master").matches("local(\\[.*)?")) {
            dropGpus(conf);
        }
        return conf;
    }

    /** In local mode nobody has GPUs to give out: a task that asks for one would wait for ever. */
    private static void dropGpus(SparkConf conf) {
        List<String> dropped = Arrays.stream(conf.getAll())
                .map(Tuple2::_1)
                .filter(key -> key.matches("spark\\.(executor|task|driver)\\.resource\\.gpu\\..*"))
                .sorted()
                .toList();
        if (!dropped.isEmpty()) {
            dropped.forEach(conf::remove);
            LOG.warn(
                    "Spark's local mode does not schedule GPUs, and tasks that ask for one would wait for ever:"
                            + " dropping {}",
                    String.join(", ", dropped));
        }
    }

    /** Spark writes its event log only to a folder that is there. */
    private static void makeEventLogFolder(SparkConf conf) {
        if (conf.getBoolean("spark.eventLog.enabled", false)) {
            Path folder = new Path(conf.get("spark.eventLog.dir", "file:///tmp/spark-events"));
            try {
                folder.getFileSystem(SparkHadoopUtil.get().newConfiguration(conf))
                        .mkdirs(folder);
            } catch (IOException e) {
                throw new InvalidInputException(
                        "Cannot make the folder " + folder + " that spark.eventLog.dir names: " + e.getMessage(), e);
            }
        }
    }
}
