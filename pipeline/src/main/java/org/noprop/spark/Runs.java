package org.noprop.spark;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.Utils;
import org.noprop.config.ConfigPrinter;
import org.noprop.config.NoPropConfig;
import org.noprop.config.Secrets;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.RunLock;
import org.noprop.data.RunRecord;
import org.noprop.data.RunRecord.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.collection.JavaConverters;

/**
 * Finds or makes the run that a job works on. A new run gets an id of the configuration's name and the
 * time; a job without an id takes the latest run of its configuration that it can still add to.
 */
public final class Runs {
    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    private final SparkSession session;
    private final Configuration hadoop;
    private final NoPropConfig config;
    private final List<String> overrides;
    private final Map<String, String> build;

    /**
     * The runs of a configuration.
     *
     * @param session gives the file systems, and Spark's settings, which a new run records
     * @param config the configuration
     * @param overrides the command line's, which a new run records
     * @param build versions and commit of this program, by name, which a new run records
     */
    public Runs(SparkSession session, NoPropConfig config, List<String> overrides, Map<String, String> build) {
        this.session = session;
        this.hadoop = session.sparkContext().hadoopConfiguration();
        this.config = config;
        this.overrides = List.copyOf(overrides);
        this.build = Map.copyOf(build);
    }

    /**
     * The run to train blocks of: the one named, made if need be; without a name a new one, or when
     * resuming the latest.
     *
     * @throws InvalidInputException if the named run has other settings, or there is none to resume
     */
    public RunFolder forBlocks(Optional<String> id, boolean resume) {
        if (id.isPresent()) {
            return named(id.get());
        }
        return resume ? latest(run -> true).orElseThrow(this::noneToResume) : create();
    }

    /**
     * The run to train the baselines of: the one named, made if need be; without a name the latest
     * that has none yet (when resuming, the latest), or else a new one.
     *
     * @throws InvalidInputException as {@link #forBlocks}
     */
    public RunFolder forBaseline(Optional<String> id, boolean resume) {
        if (id.isPresent()) {
            return named(id.get());
        }
        return latest(run -> resume
                        || TrainingPlans.baselines(config).stream()
                                .noneMatch(kind -> run.baseline(kind).exists()))
                .orElseGet(() -> create());
    }

    /**
     * The run to evaluate: the one named, or the latest whose blocks are there.
     *
     * @throws InvalidInputException if there is none
     */
    public RunFolder forEvaluation(Optional<String> id) {
        if (id.isPresent()) {
            return withSameSettings(RunFolder.open(hadoop, config.run().dir(), id.get()));
        }
        return latest(run -> run.block(1).exists())
                .orElseThrow(() -> new InvalidInputException("There is no run of "
                        + config.run().name() + " with these settings in "
                        + config.run().dir()
                        + " to evaluate; run train-blocks first, or name one with --run-id"));
    }

    /**
     * Runs of this configuration with other seeds.
     *
     * @throws InvalidInputException if one is not there, or differs in more than its seed
     */
    public List<RunFolder> ofAnySeed(List<String> ids) {
        return ids.stream().map(this::ofAnySeed).toList();
    }

    private RunFolder ofAnySeed(String id) {
        RunFolder run = RunFolder.open(hadoop, config.run().dir(), id);
        String expected =
                ConfigPrinter.settingsHash(config.withSeed(run.record().seed()));
        if (!run.record().settings().equals(expected)) {
            throw new InvalidInputException("Run " + id + " differs from this configuration in more than its seed:"
                    + " compare " + run.path() + "/config/effective.conf with --print-config");
        }
        return run;
    }

    /** Writes a file that belongs to several runs; returns its path. */
    public String writeBesideRuns(String relative, String text) {
        return RunFolder.writeBesideRuns(hadoop, config.run().dir(), relative, text);
    }

    /**
     * Does a job on a run that nobody else works on meanwhile, and records whether it ended well; a job that is refused
     * leaves a finished run's record as it was.
     *
     * @param job its name, for whoever finds the run locked
     * @return what the job returned
     * @throws InvalidInputException if somebody works on the run, or has taken it over from this job
     */
    public <R> R work(RunFolder run, String job, Supplier<R> work) {
        RunLock lock = run.lock(job, config.run().lockTimeout());
        return holding(lock, session, () -> record(run, lock, work));
    }

    /** As {@link #work}, but waits for another job to end first. */
    <R> R workWhenFree(RunFolder run, String job, Supplier<R> work) {
        RunLock lock = run.lockWhenFree(job, config.run().lockTimeout());
        return holding(lock, session, () -> record(run, lock, work));
    }

    /**
     * Does a job on some parts of a run, while others may work on other parts. The run's record stays as it is: no job on
     * a part knows whether the whole is finished.
     *
     * @param parts names of their artifacts
     * @throws InvalidInputException if somebody works on one of them or on the whole run, or has taken them over
     */
    public <R> R workOnParts(RunFolder run, List<String> parts, String job, Supplier<R> work) {
        return holding(run.lockParts(parts, job, config.run().lockTimeout()), session, work);
    }

    /**
     * Works while a lock is held, and closes it. Once the lock is lost, the Spark jobs of the work are cancelled, as many as
     * it begins.
     *
     * @throws InvalidInputException in one sentence, if another job has taken the lock over
     */
    static <R> R holding(RunLock lock, SparkSession session, Supplier<R> work) {
        SparkContext context = session.sparkContext();
        String tag = "noprop-" + UUID.randomUUID();
        try (lock) {
            lock.whenLost(() -> context.cancelJobsWithTag(tag));
            context.addJobTag(tag);
            R result = work.get();
            lock.requireHeld();
            return result;
        } catch (Throwable e) {
            if (lock.isLost()) {
                LOG.warn("The job ended after its lock was lost", e);
                lock.requireHeld();
            }
            throw e;
        } finally {
            context.removeJobTag(tag);
        }
    }

    /** What went wrong is shown even where that cannot be recorded. */
    private static <R> R record(RunFolder run, RunLock lock, Supplier<R> work) {
        Status before = run.record().status();
        mark(run, Status.RUNNING);
        try {
            R result = work.get();
            lock.requireHeld();
            mark(run, Status.FINISHED);
            return result;
        } catch (Throwable e) {
            boolean refused = e instanceof InvalidInputException && before == Status.FINISHED;
            try {
                lock.requireHeld();
                mark(run, refused ? before : Status.FAILED);
            } catch (RuntimeException alsoWrong) {
                e.addSuppressed(alsoWrong);
            }
            throw e;
        }
    }

    private static void mark(RunFolder run, Status status) {
        run.update(run.record().with(status, now()));
    }

    /**
     * The run of a name, made if need be.
     *
     * @throws InvalidInputException if it has other settings
     */
    RunFolder named(String id) {
        if (!RunFolder.exists(hadoop, config.run().dir(), id)) {
            make(id);
        }
        return withSameSettings(RunFolder.open(hadoop, config.run().dir(), id));
    }

    private RunFolder withSameSettings(RunFolder run) {
        if (!run.record().settings().equals(ConfigPrinter.settingsHash(config))) {
            throw new InvalidInputException("Run " + run.id() + " was made with other settings: compare " + run.path()
                    + "/config/effective.conf with --print-config, or give another --run-id");
        }
        return run;
    }

    private Optional<RunFolder> latest(Predicate<RunFolder> wanted) {
        String settings = ConfigPrinter.settingsHash(config);
        return RunFolder.latest(
                hadoop,
                config.run().dir(),
                record -> record.configuration().equals(config.run().name())
                        && record.settings().equals(settings),
                wanted);
    }

    private InvalidInputException noneToResume() {
        return new InvalidInputException("There is no run of " + config.run().name() + " with these settings in "
                + config.run().dir() + " to resume; leave --resume out to start one");
    }

    /** Of jobs that begin a run in the same second, each gets one of its own. */
    private RunFolder create() {
        String base = newId();
        String id = base;
        for (int number = 2; !make(id); number++) {
            id = base + "-" + number;
        }
        return RunFolder.open(hadoop, config.run().dir(), id);
    }

    private boolean make(String id) {
        String data = EmbeddingFolder.open(hadoop, config.data().embeddings())
                .description()
                .fingerprint();
        return RunFolder.make(hadoop, config.run().dir(), id, config.run().lockTimeout(), run -> {
            run.writeText("config/effective.conf", ConfigPrinter.print(config));
            run.writeText("config/overrides.conf", ConfigPrinter.printOverrides(overrides));
            run.writeText("config/spark.properties", sparkProperties());
            return new RunRecord(
                    id,
                    config.run().name(),
                    ConfigPrinter.settingsHash(config),
                    config.run().seed(),
                    data,
                    Status.RUNNING,
                    now(),
                    now(),
                    environment());
        });
    }

    /** The id of a new run: the configuration's name and the time. */
    public String newId() {
        return config.run().name() + "-" + ID_TIME.format(now());
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>(build);
        environment.put("spark", session.version());
        environment.put("spark-master", session.sparkContext().master());
        environment.put("java", System.getProperty("java.version"));
        environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        environment.put("host", hostName());
        return environment;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    /** As Spark's own UI shows them, and without the secrets that it passes over. */
    private String sparkProperties() {
        SparkConf conf = session.sparkContext().getConf();
        List<Tuple2<String, String>> settings = Stream.of(conf.getAll())
                .map(setting -> new Tuple2<>(setting._1(), Secrets.hide(setting._1(), setting._2())))
                .toList();
        return JavaConverters.seqAsJavaList(Utils.redact(conf, JavaConverters.asScalaBuffer(settings))).stream()
                .map(setting -> setting._1() + "=" + setting._2())
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
