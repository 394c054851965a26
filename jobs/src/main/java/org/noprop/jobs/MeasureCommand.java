package org.noprop.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.InvalidConfigException;
import org.noprop.spark.MeasureJob;
import picocli.CommandLine.Option;

/** {@link Command#MEASURE}, which takes an option more than the others. */
final class MeasureCommand extends JobCommand {
    private static final int MOST_BLOCKS = 492;
    private static final int MOST_ROWS = 65536;
    private static final int MOST_REPEATS = 100;

    @Option(
            names = "--blocks",
            split = ",",
            paramLabel = "T",
            description = "Numbers of blocks to measure at, such as 2,10,40. Default: diffusion.blocks.")
    private List<Integer> blocks = List.of();

    @Option(
            names = "--batch-sizes",
            split = ",",
            paramLabel = "N",
            description = "Batch sizes to measure at as well, such as 32,128,1024. Default: that of the configuration.")
    private List<Integer> batchSizes = List.of();

    @Option(
            names = "--variants",
            description =
                    "Also measures all blocks in one process, the baseline by four micro-batches a step, whose gradients are summed up, and one block by"
                            + " back-propagation.")
    private boolean variants;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Processes that measure each figure one after the other. Default: 3.")
    private int repeats = MeasureJob.Request.DEFAULT.repeats();

    MeasureCommand(Job job, Supplier<SparkSession> sessions) {
        super(job, sessions);
    }

    @Override
    JobOptions options() {
        List<String> problems = new ArrayList<>();
        problems.addAll(outside("--blocks", blocks, 1, MOST_BLOCKS));
        problems.addAll(outside("--batch-sizes", batchSizes, 2, MOST_ROWS));
        problems.addAll(outside("--repeats", List.of(repeats), 1, MOST_REPEATS));
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        return JobOptions.measure(new MeasureJob.Request(blocks, batchSizes, variants, repeats));
    }

    private static List<String> outside(String option, List<Integer> numbers, int least, int most) {
        return numbers.stream()
                .filter(number -> number < least || number > most)
                .map(number -> "Invalid " + option + ": " + number + " (must be from " + least + " to " + most + ")")
                .toList();
    }
}
