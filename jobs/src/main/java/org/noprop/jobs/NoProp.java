package org.noprop.jobs;

import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
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

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /** Runs a command; 0 if it succeeded, 2 after a user's mistake, 3 if a requirement is missed, 1 after any other failure. */
    static int execute(String... arguments) {
        return commandLine(Jobs::of, Sessions::open).execute(arguments);
    }

    /** The command line over the given jobs and sessions. */
    static CommandLine commandLine(Function<Command, Job> jobs, Function<Command, SparkSession> sessions) {
        Mistakes mistakes = new Mistakes();
        CommandLine root = new CommandLine(new NoProp());
        for (Command command : Command.values()) {
            CommandLine line = new CommandLine(subcommand(command, jobs, () -> sessions.apply(command)));
            line.getCommandSpec().usageMessage().description(command.description());
            root.addSubcommand(command.commandName(), line);
        }
        root.addSubcommand(CompareCommand.NAME, new CompareCommand());
        return root.setExecutionExceptionHandler(mistakes).setParameterExceptionHandler(mistakes);
    }

    private static Callable<Integer> subcommand(
            Command command, Function<Command, Job> jobs, Supplier<SparkSession> session) {
        return switch (command) {
            case PREDICT -> new PredictCommand(session);
            case MEASURE -> new MeasureCommand(jobs.apply(command), session);
            case PLAN -> new PlanCommand(jobs.apply(command), session);
            case RUN -> new RunCommand(jobs.apply(command), session);
            case EVALUATE -> new EvaluateCommand(jobs.apply(command), session);
            case PREPROCESS, TRAIN_BLOCKS, TRAIN_BASELINE -> new JobCommand(jobs.apply(command), session);
        };
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Give a command");
    }
}
