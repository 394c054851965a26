package org.noprop.jobs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.ConfigPrinter;
import org.noprop.config.ConfigReader;
import org.noprop.config.InvalidConfigException;
import org.noprop.config.NoPropConfig;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One command: checks what the user gave, does the job, and closes Spark if the job opened it. */
@CommandLine.Command(mixinStandardHelpOptions = true, versionProvider = Versions.class, sortOptions = false)
class JobCommand implements Callable<Integer> {
    private static final String RUN_ID = "[A-Za-z0-9][A-Za-z0-9._-]*";

    private final Job job;
    private final Supplier<SparkSession> sessions;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The preset: a HOCON file that holds what differs from the defaults.")
    private Path preset;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides a setting of the preset, such as training.epochs=20; may be repeated.")
    private List<String> overrides = List.of();

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description = "The run to create, or to go on with. Default: a new one to train blocks, the latest"
                    + " of these settings otherwise.")
    private Optional<String> runId = Optional.empty();

    @Option(names = "--resume", description = "Goes on with what is there, instead of refusing to overwrite it.")
    private boolean resume;

    @Option(names = "--print-config", description = "Prints every setting in force and ends.")
    private boolean printConfig;

    JobCommand(Job job, Supplier<SparkSession> sessions) {
        this.job = job;
        this.sessions = sessions;
    }

    /** What a command has beside the options of all; checked. */
    JobOptions options() {
        return JobOptions.NONE;
    }

    final Optional<String> runId() {
        return runId;
    }

    final boolean resumed() {
        return resume;
    }

    @Override
    public Integer call() {
        if (runId.isPresent() && !runId.get().matches(RUN_ID)) {
            throw new InvalidConfigException(List.of("Invalid --run-id: " + runId.get()
                    + " (must start with a letter or digit and go on with those, '.', '_' and '-')"));
        }
        JobOptions options = options();
        NoPropConfig config = ConfigReader.read(preset, overrides);
        if (printConfig) {
            spec.commandLine().getOut().print(ConfigPrinter.print(config));
            spec.commandLine().getOut().flush();
            return CommandLine.ExitCode.OK;
        }
        try (LazySession session = new LazySession(sessions)) {
            job.run(new JobContext(
                    session,
                    config,
                    overrides,
                    runId,
                    resume,
                    options,
                    spec.commandLine().getOut()));
        }
        return CommandLine.ExitCode.OK;
    }
}
