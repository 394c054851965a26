package org.noprop.jobs;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.InvalidConfigException;
import picocli.CommandLine.Option;

/** {@link Command#MEASURE}, which takes an option more than the others. */
final class MeasureCommand extends JobCommand {
    private static final int MOST_BLOCKS = 492;

    @Option(
            names = "--blocks",
            split = ",",
            paramLabel = "T",
            description = "Numbers of blocks to measure at, such as 2,10,40. Default: diffusion.blocks.")
    private List<Integer> blocks = List.of();

    MeasureCommand(Job job, Supplier<SparkSession> sessions) {
        super(job, sessions);
    }

    @Override
    JobOptions options() {
        List<String> problems = blocks.stream()
                .filter(count -> count < 1 || count > MOST_BLOCKS)
                .map(count -> "Invalid --blocks: " + count + " (must be from 1 to " + MOST_BLOCKS + ")")
                .toList();
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        return JobOptions.blocks(blocks);
    }
}
