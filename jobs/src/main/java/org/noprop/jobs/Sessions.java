package org.noprop.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.Secrets;
import org.noprop.data.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** Opens Spark sessions with what this program needs wherever the user's Spark configuration does not say otherwise. */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    /** Spark's own pattern, with what {@link Secrets} knows beside it: other keys, and users in addresses. */
    private static final String SECRETS =
            "(?i)secret|password|token|access[.]?key|" + Secrets.KEYS + "|" + Secrets.USERS;

    /** The command line, as Java keeps it and Spark shows it. */
    private static final String COMMAND_LINE = "sun.java.command";

    private Sessions() {}

    /** A session for a command; under spark-submit it has spark-submit's settings. */
    static SparkSession open(String command) {
        requireExecutable(Path.of(System.getProperty("java.io.tmpdir")));
        SparkConf conf = withDefaults(new SparkConf(), command);
        makeEventLogFolder(conf);
        System.setProperty(COMMAND_LINE, Secrets.hide(System.getProperty(COMMAND_LINE, "")));
        // Made by the session, the context would take spark-submit's settings again, those dropped here too.
        return SparkSession.builder()
                .sparkContext(SparkContext.getOrCreate(conf))
                .getOrCreate();
    }

    /** Adds our defaults to {@code conf} where it has no value. */
    static SparkConf withDefaults(SparkConf conf, String command) {
        conf.setIfMissing("spark.master", "local[*]")
                .setIfMissing("spark.app.name", "noprop " + command)
                .setIfMissing("spark.ui.showConsoleProgress", "false")
                .setIfMissing("spark.sql.session.timeZone", "UTC")
                // What the event log and the web UI leave out of settings, and of plans.
                .setIfMissing("spark.redaction.regex", SECRETS)
                .setIfMissing("spark.redaction.string.regex", Secrets.USERS)
                // One native thread a task: with more they spin and slow each other down.
                .setIfMissing("spark.executorEnv.OMP_NUM_THREADS", conf.get("spark.task.cpus", "1"))
                // Names of files have any letters, and numbers in them Latin digits.
                .setIfMissing("spark.executorEnv.LC_ALL", "C.UTF-8");
        if (conf.get("spark.master").startsWith("local")) {
            // A laptop's host name often resolves to nothing that can be bound.
            conf.setIfMissing("spark.driver.host", "localhost");
            // The process of a task that runs out of memory is this one, which has yet to say so.
            conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
        }
        if (conf.get("spark.master").matches("local(\\[.*)?")) {
            dropGpus(conf);
        }
        return conf;
    }

    /** Whether this process is the one that YARN watches: the driver in deploy mode cluster. */
    static boolean yarnRunsTheDriver(SparkConf conf) {
        return conf.get("spark.master", "").startsWith("yarn")
                && conf.get("spark.submit.deployMode", "client").equals("cluster");
    }

    /** Compression and ND4J unpack their native libraries there and load them. */
    static void requireExecutable(Path folder) {
        Path probe = null;
        try {
            probe = Files.createTempFile(folder, "noprop", ".so");
            probe.toFile().setExecutable(true);
            if (!Files.isExecutable(probe)) {
                throw new InvalidInputException("Native libraries cannot be loaded from " + folder
                        + ", which is mounted noexec; name another folder for them by -Djava.io.tmpdir=DIR in"
                        + " NOPROP_JAVA_OPTIONS (for spark-submit: --driver-java-options)");
            }
        } catch (IOException e) {
            throw new InvalidInputException(
                    "Cannot write to the folder for temporary files, " + folder + ": " + e.getMessage()
                            + "; make room there, or name another by -Djava.io.tmpdir=DIR in NOPROP_JAVA_OPTIONS"
                            + " (for spark-submit: --driver-java-options)",
                    e);
        } finally {
            if (probe != null) {
                probe.toFile().delete();
            }
        }
    }

    /** A container often runs as a user id that has no name ("?" to Java), which Hadoop's own login cannot do without. */
    static void logIn() {
        if (!"?".equals(System.getProperty("user.name"))) {
            return;
        }
        try {
            UserGroupInformation.getLoginUser();
        } catch (IOException e) {
            String name = Optional.ofNullable(System.getenv("HADOOP_USER_NAME")).orElse("noprop");
            LOG.debug("Hadoop's name of the user is {}", name, e);
            UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
        }
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
            org.apache.hadoop.fs.Path folder =
                    new org.apache.hadoop.fs.Path(conf.get("spark.eventLog.dir", "file:///tmp/spark-events"));
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
