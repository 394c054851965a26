package org.noprop.jobs;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** {@link Command#EVALUATE}, which can gather runs of several seeds. */
final class EvaluateCommand extends JobCommand {
    @Option(
            names = "--runs",
            split = ",",
            paramLabel = "ID",
            description = "Evaluates nothing, but gathers these evaluated runs, which differ in their seed alone:"
                    + " means with standard errors over seeds.")
    private List<String> runs = List.of();

    EvaluateCommand(Job job, Supplier<SparkSession> sessions) {
        super(job, sessions);
    }

    @Override
    JobOptions options() {
        return JobOptions.runs(runs);
    }
}
