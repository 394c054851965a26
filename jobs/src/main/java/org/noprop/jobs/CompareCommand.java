package org.noprop.jobs;

import java.util.List;
import java.util.concurrent.Callable;
import org.noprop.config.Secrets;
import org.noprop.spark.CompareJob;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluated runs side by side. It has no configuration: the runs have theirs. */
@CommandLine.Command(
        name = CompareCommand.NAME,
        description = "Puts evaluated runs side by side: a table, and a page with figures.",
        mixinStandardHelpOptions = true,
        versionProvider = Versions.class)
final class CompareCommand implements Callable<Integer> {
    static final String NAME = "compare";

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "RUN",
            description = "The folder of an evaluated run, such as runs/mnist-20250101-120000.")
    private List<String> runs;

    @Override
    public Integer call() {
        CompareJob job = new CompareJob(runs);
        spec.commandLine().getOut().println(job.table());
        spec.commandLine().getOut().println(Secrets.hide("Figures: " + job.writePage()));
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }
}
