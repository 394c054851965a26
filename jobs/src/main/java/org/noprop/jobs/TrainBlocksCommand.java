package org.noprop.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.InvalidConfigException;
import org.noprop.spark.BlockParts;
import picocli.CommandLine.Option;

/** {@link Command#TRAIN_BLOCKS}, which can train some of the blocks alone. */
final class TrainBlocksCommand extends JobCommand {
    @Option(
            names = "--blocks",
            paramLabel = "T",
            description = "Trains only these blocks of the run, such as 1,2 or head; other jobs may train the others at"
                    + " the same time. Default: all, and the head.")
    private List<String> blocks = List.of();

    TrainBlocksCommand(Job job, Supplier<SparkSession> sessions) {
        super(job, sessions);
    }

    @Override
    JobOptions options() {
        List<String> problems = new ArrayList<>();
        List<String> names = blocks.stream()
                .flatMap(list -> Stream.of(list.split(",", -1)))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        if (names.isEmpty() && !blocks.isEmpty()) {
            problems.add("Invalid --blocks: it names no block (give their numbers, or head, such as 1,2)");
        }
        names.stream()
                .filter(name -> !name.matches("[1-9][0-9]{0,5}|" + BlockParts.HEAD))
                .forEach(name -> problems.add("Invalid --blocks: " + name + " (must be numbers of blocks, or head)"));
        if (!blocks.isEmpty() && runId().isEmpty()) {
            problems.add("Give --run-id with --blocks: the run that all of its blocks are trained in");
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        return JobOptions.parts(new BlockParts(names));
    }
}
