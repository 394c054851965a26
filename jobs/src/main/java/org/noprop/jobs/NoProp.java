package org.noprop.jobs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: {@code noprop COMMAND --config FILE …}. */
@CommandLine.Command(
        name = "noprop",
        description = "Trains image classifiers whose blocks learn alone (NoProp, arXiv 2503.24322), on Spark.",
        mixinStandardHelpOptions = true,
        versionProvider = Versions.class,
        synopsisSubcommandLabel = "COMMAND")
public final class NoProp implements Runnable {
    @Spec
    private CommandSpec spec;

    private NoProp() {}

    /**
     * Runs a command and ends the process with its exit code: 0 if it succeeded, 2 after a user's mistake, 3 if a requirement
     * is missed, 1 after any other failure. Where YARN runs this as its application, returns instead, or throws what YARN is
     * to show.
     */
    public static void main(String[] arguments) {
        // Spark writes numbers into names of files, by the machine's language otherwise.
        Locale.setDefault(Locale.ENGLISH);
        Sessions.logIn();
        if (Sessions.yarnRunsTheDriver(new SparkConf())) {
            runFor(commandLine(Jobs::of, Sessions::open), arguments);
        } else {
            System.exit(execute(arguments));
        }
    }

    /** Runs a command and gives its exit code. */
    static int execute(String... arguments) {
        return commandLine(Jobs::of, Sessions::open).execute(arguments);
    }

    /** Runs a command for a cluster manager, to which an exit of the process would be a failure, whatever its code. */
    static void runFor(CommandLine line, String... arguments) {
        StringWriter said = new StringWriter();
        int exitCode = line.setErr(new PrintWriter(said, true)).execute(arguments);
        if (exitCode != CommandLine.ExitCode.OK) {
            throw new CommandFailedException(said.toString().strip() + " (exit code " + exitCode + ")");
        }
    }

    /** Its message is all that there is to say. */
    static final class CommandFailedException extends RuntimeException {
        private CommandFailedException(String message) {
            super(message, null, false, false);
        }
    }

    /** Runs the command of this name, which has options of its own, as {@link #main(String[])}. */
    static void main(String command, String[] options) {
        main(Stream.concat(Stream.of(command), Stream.of(options)).toArray(String[]::new));
    }

    /** The command line over the given jobs and sessions. */
    static CommandLine commandLine(Function<Command, Job> jobs, Function<String, SparkSession> sessions) {
        Mistakes mistakes = new Mistakes();
        CommandLine root = new CommandLine(new NoProp());
        for (Command command : Command.values()) {
            CommandLine line = new CommandLine(
                    subcommand(command, jobs.apply(command), () -> sessions.apply(command.commandName())));
            line.getCommandSpec().usageMessage().description(command.description());
            root.addSubcommand(command.commandName(), line);
        }
        root.addSubcommand(PredictCommand.NAME, new PredictCommand(() -> sessions.apply(PredictCommand.NAME)));
        root.addSubcommand(CompareCommand.NAME, new CompareCommand());
        return root.setExecutionStrategy(mistakes)
                .setExecutionExceptionHandler(mistakes)
                .setParameterExceptionHandler(mistakes);
    }

    private static Callable<Integer> subcommand(Command command, Job job, Supplier<SparkSession> session) {
        return switch (command) {
            case MEASURE -> new MeasureCommand(job, session);
            case PLAN -> new PlanCommand(job, session);
            case RUN -> new RunCommand(job, session);
            case EVALUATE -> new EvaluateCommand(job, session);
            case TRAIN_BLOCKS -> new TrainBlocksCommand(job, session);
            case PREPROCESS, TRAIN_BASELINE -> new JobCommand(job, session);
        };
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Give a command");
    }
}
