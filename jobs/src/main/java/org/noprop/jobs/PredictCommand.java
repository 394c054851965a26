package org.noprop.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.InvalidConfigException;
import org.noprop.config.Secrets;
import org.noprop.spark.PredictJob;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Predictions of a model. It has no configuration: the model says how it was trained. */
@CommandLine.Command(
        name = PredictCommand.NAME,
        description = "Predicts images or image embeddings by an assembled model.",
        mixinStandardHelpOptions = true,
        versionProvider = Versions.class,
        sortOptions = false)
final class PredictCommand implements Callable<Integer> {
    static final String NAME = "predict";

    private final Supplier<SparkSession> sessions;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "The folder of a model: model/ of a run that was evaluated.")
    private String model;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "PATH",
            description =
                    "Images (PNG, JPEG, GIF, BMP, TIFF, WebP), or Parquet with a column embedding (numbers), image (a struct with bytes)"
                            + " or content (bytes).")
    private String input;

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "The folder of Parquet to write.")
    private String output;

    @Option(
            names = "--runs",
            paramLabel = "R",
            description =
                    "Noisy runs to average over, or 0 for one run without noise. Default: the model's own number.")
    private Optional<Integer> runs = Optional.empty();

    @Option(
            names = "--max-damaged",
            paramLabel = "SHARE",
            description = "Share of the rows that may be damaged, from 0 to 1. Default: 0.")
    private double mostDamaged;

    @Option(names = "--resize", description = "Resizes images of another size, instead of counting them as damaged.")
    private boolean resize;

    PredictCommand(Supplier<SparkSession> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() {
        requireRanges();
        try (LazySession session = new LazySession(sessions)) {
            PredictJob.Summary summary = new PredictJob(
                            session.get(), new PredictJob.Request(model, input, output, runs, mostDamaged, resize))
                    .run();
            spec.commandLine().getOut().println(Secrets.hide(summary.sentence()));
            spec.commandLine().getOut().flush();
        }
        return CommandLine.ExitCode.OK;
    }

    private void requireRanges() {
        List<String> problems = new ArrayList<>();
        runs.filter(count -> count < 0)
                .ifPresent(count -> problems.add("Invalid --runs: " + count + " (must be >= 0)"));
        if (!(mostDamaged >= 0 && mostDamaged <= 1)) {
            problems.add("Invalid --max-damaged: " + mostDamaged + " (must be from 0 to 1)");
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }
}
