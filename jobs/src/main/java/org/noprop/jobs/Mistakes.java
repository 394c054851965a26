package org.noprop.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.noprop.config.InvalidConfigException;
import org.noprop.config.Secrets;
import org.noprop.data.InvalidInputException;
import org.noprop.evaluation.UnmetRequirementsException;
import org.noprop.spark.GroupFailedException;
import org.noprop.training.TrainingDivergedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How commands fail: whatever happens is one sentence on the error stream. The exit code is 2 after a user's mistake, which
 * Spark, Hadoop or Java may have found; 3 if an evaluation misses what is required of it; 1 after anything else, of which
 * the log file has the stack trace.
 */
final class Mistakes implements IExecutionStrategy, IExecutionExceptionHandler, IParameterExceptionHandler {
    /** What a scheduler sees of an evaluation that is complete and not good enough. */
    static final int UNMET = 3;

    /** Its messages go to the log file alone. */
    private static final Logger LOG = LoggerFactory.getLogger(Mistakes.class);

    /** Errors are handled as exceptions are: a full disk is an error to Hadoop, as a full heap is to Java. */
    @Override
    public int execute(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (Error e) {
            List<CommandLine> commands = parsed.asCommandLineList();
            throw new ExecutionException(commands.get(commands.size() - 1), e.toString(), e);
        }
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed) {
        Optional<Throwable> own = ForeignErrors.causes(exception)
                .filter(cause -> isUsersMistake(cause) || cause instanceof UnmetRequirementsException)
                .findFirst();
        if (own.isPresent()) {
            say(command, own.get().getMessage());
            return own.get() instanceof UnmetRequirementsException ? UNMET : ExitCode.USAGE;
        }
        LOG.error("noprop {} failed", command.getCommandName(), exception);
        if (isShuttingDown() && ForeignErrors.causes(exception).noneMatch(OutOfMemoryError.class::isInstance)) {
            boolean resumes = command.getCommandSpec().findOption("--resume") != null;
            say(command, resumes ? "Interrupted; --resume goes on with what is there" : "Interrupted");
            return ExitCode.SOFTWARE;
        }
        Optional<String> foreign = ForeignErrors.sentence(exception);
        say(command, foreign.orElseGet(() -> unforeseen(command.getCommandName(), exception)));
        return foreign.isPresent() ? ExitCode.USAGE : ExitCode.SOFTWARE;
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

    private static String unforeseen(String command, Exception exception) {
        String what = ForeignErrors.causes(exception)
                .filter(GroupFailedException.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst()
                .orElseGet(() -> command + " failed: " + rootCause(exception));
        return what + " (the stack trace is in " + logFile().map(Path::toString).orElse("the driver's log") + ")";
    }

    /** Its name, which says most where there is no message, and the first line of what it says. */
    private static String rootCause(Exception exception) {
        Throwable root =
                ForeignErrors.causes(exception).reduce((outer, inner) -> inner).orElseThrow();
        String message = Optional.ofNullable(root.getMessage()).orElse("").strip();
        String name = root.getClass().getSimpleName();
        return message.isEmpty()
                ? name
                : name + ": " + message.lines().findFirst().orElseThrow();
    }

    private static Optional<Path> logFile() {
        if (LogManager.getContext(false) instanceof LoggerContext context
                && context.getConfiguration().getAppender("file") instanceof FileAppender appender) {
            return Optional.of(Path.of(appender.getFileName())).filter(Files::exists);
        }
        return Optional.empty();
    }

    @Override
    public int handleParseException(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        String help = " (see " + command.getCommandSpec().qualifiedName() + " --help)";
        say(command, exception.getMessage() + suggestion(exception) + help);
        return ExitCode.USAGE;
    }

    private static void say(CommandLine command, String sentence) {
        command.getErr().println(Secrets.hide(sentence));
    }

    private static boolean isUsersMistake(Throwable cause) {
        return cause instanceof InvalidConfigException
                || cause instanceof InvalidInputException
                || cause instanceof TrainingDivergedException
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
