package org.noprop.jobs;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.InvalidConfigException;
import picocli.CommandLine.Option;

/** {@link Command#RUN}, which can make several runs. */
final class RunCommand extends JobCommand {
    private static final int MOST_SEEDS = 100;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Makes N runs, of the seeds run.seed, run.seed + 1 and so on, and says how much accuracy"
                    + " depends on the seed. Default: 1.")
    private int seeds = 1;

    RunCommand(Job job, Supplier<SparkSession> sessions) {
        super(job, sessions);
    }

    @Override
    JobOptions options() {
        if (seeds < 1 || seeds > MOST_SEEDS) {
            throw new InvalidConfigException(
                    List.of("Invalid --seeds: " + seeds + " (must be from 1 to " + MOST_SEEDS + ")"));
        }
        if (seeds > 1 && resumed() && runId().isEmpty()) {
            throw new InvalidConfigException(
                    List.of("Give --run-id with --seeds and --resume: the one that the runs' ids begin with"));
        }
        return JobOptions.seeds(seeds);
    }
}
