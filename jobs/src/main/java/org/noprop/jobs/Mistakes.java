package org.noprop.jobs;

import org.noprop.config.InvalidConfigException;
import org.noprop.data.InvalidInputException;
import org.noprop.evaluation.UnmetRequirementsException;
import org.noprop.spark.GroupFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How commands fail: a user's mistake is a sentence on the error stream and exit code 2; an evaluation that misses
 * what is required of it is a sentence and exit code 3; anything else goes to the log with its stack trace, and the
 * exit code is 1.
 */
final class Mistakes implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** What a scheduler sees of an evaluation that is complete and not good enough. */
    static final int UNMET = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Mistakes.class);

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (isUsersMistake(cause)) {
                command.getErr().println(cause.getMessage());
                return ExitCode.USAGE;
            }
            if (cause instanceof UnmetRequirementsException) {
                command.getErr().println(cause.getMessage());
                return UNMET;
            }
        }
        if (isShuttingDown()) {
            command.getErr().println("Interrupted; --resume goes on with what is there");
            return ExitCode.SOFTWARE;
        }
        LOG.error("noprop {} failed", command.getCommandName(), exception);
        return ExitCode.SOFTWARE;
    }

    /** Whether the process was told to end, by Ctrl-C for one: whatever fails then fails because of that. */
    private static boolean isShuttingDown() {
        try {
            Runtime.getRuntime().removeShutdownHook(new Thread());
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Override
    public int handleParseException(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        String help = " (see " + command.getCommandSpec().qualifiedName() + " --help)";
        command.getErr().println(exception.getMessage() + suggestion(exception) + help);
        return ExitCode.USAGE;
    }

    private static boolean isUsersMistake(Throwable cause) {
        return cause instanceof InvalidConfigException
                || cause instanceof InvalidInputException
                || (cause instanceof GroupFailedException failed && failed.usersMistake());
    }

    private static String suggestion(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            return "; did you mean " + unmatched.getSuggestions().get(0) + "?";
        }
        return "";
    }
}
