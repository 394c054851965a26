package org.noprop.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.InvalidConfigException;
import org.noprop.evaluation.plan.Cluster;
import org.noprop.spark.PlanJob;
import picocli.CommandLine.Option;

/** {@link Command#PLAN}, which is told of a cluster. */
final class PlanCommand extends JobCommand {
    private static final double MEGABYTE = 1e6;
    private static final int MOST_EXECUTORS = 100_000;
    private static final int SEED = 1;
    private static final double MOST_SECONDS = 600;

    @Option(names = "--executors", paramLabel = "N", description = "Cores or GPUs to train on. Default: 10.")
    private int executors = 10;

    @Option(
            names = "--bandwidth",
            paramLabel = "MB/S",
            description = "Megabytes a second that an executor sends or receives. Default: 1000.")
    private double bandwidth = 1000;

    @Option(names = "--latency", paramLabel = "SECONDS", description = "From one executor to another. Default: 0.0005.")
    private double latency = 0.0005;

    @Option(
            names = "--dispatch",
            paramLabel = "SECONDS",
            description = "From when a Spark task can run until it does. Default: 0.05.")
    private double dispatch = 0.05;

    @Option(
            names = "--contention",
            paramLabel = "FACTOR",
            description = "How much longer a task takes beside others on its machine. Default: 1, not at all.")
    private double contention = 1;

    @Option(
            names = "--variation",
            paramLabel = "SIGMA",
            description = "How much speeds of tasks differ (standard deviation of the logarithm). Default: 0.03.")
    private double variation = 0.03;

    @Option(
            names = "--same-machine",
            description =
                    "The executors are cores of this machine: how much two tasks slow each other down is measured, too.")
    private boolean sameMachine;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            description =
                    "Of steps that each thing is timed by, after as many to warm up; with --same-machine ten times as"
                            + " long for blocks. Default: 5.")
    private double seconds = 5;

    PlanCommand(Job job, Supplier<SparkSession> sessions) {
        super(job, sessions);
    }

    @Override
    JobOptions options() {
        List<String> problems = new ArrayList<>();
        if (executors < 1 || executors > MOST_EXECUTORS) {
            problems.add("Invalid --executors: " + executors + " (must be from 1 to " + MOST_EXECUTORS + ")");
        }
        require(problems, "--bandwidth", bandwidth, bandwidth > 0, "> 0");
        require(problems, "--latency", latency, latency >= 0, ">= 0");
        require(problems, "--dispatch", dispatch, dispatch >= 0, ">= 0");
        require(problems, "--contention", contention, contention >= 1, ">= 1");
        require(problems, "--variation", variation, variation >= 0 && variation < 1, "in [0, 1)");
        require(problems, "--seconds", seconds, seconds > 0 && seconds <= MOST_SECONDS, "in (0, 600]");
        if (sameMachine && contention > 1) {
            problems.add("Invalid --contention: " + contention
                    + " (must not be given with --same-machine, which measures it)");
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        Cluster cluster = new Cluster(executors, bandwidth * MEGABYTE, latency, dispatch, contention, variation, SEED);
        return JobOptions.plan(new PlanJob.Request(cluster, sameMachine, seconds));
    }

    private static void require(List<String> problems, String option, double value, boolean valid, String rule) {
        if (!valid || !Double.isFinite(value)) {
            problems.add(String.format(Locale.ROOT, "Invalid %s: %s (must be %s)", option, value, rule));
        }
    }
}
