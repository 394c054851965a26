package org.noprop.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Several runs as a table for a terminal, a line each. */
public final class RunTable {
    private RunTable() {}

    /** The table, ending with a line feed; ± is the standard error over a run's inference runs. */
    public static String of(List<RunFigures> runs) {
        int width = Math.max(
                3, runs.stream().mapToInt(run -> run.run().length()).max().orElse(3));
        String format = "%-" + width + "s %6s %16s %9s %16s %9s %9s %10s %8s%n";
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                format,
                "run",
                "seed",
                "NoProp",
                "no noise",
                "baseline",
                "slowest",
                "blocks",
                "baseline's",
                "memory"));
        for (RunFigures run : runs) {
            table.append(String.format(
                    Locale.ROOT,
                    format,
                    run.run(),
                    run.seed(),
                    percent(run.noprop()),
                    percent(run.withoutNoise()),
                    run.baseline().map(RunTable::percent).orElse("–"),
                    seconds(OptionalDouble.of(run.slowestBlock())),
                    seconds(OptionalDouble.of(run.allBlocks())),
                    seconds(run.baselineTraining()),
                    run.memoryRatio().isPresent()
                            ? String.format(
                                    Locale.ROOT, "%.3f", run.memoryRatio().getAsDouble())
                            : "–"));
        }
        return table.toString();
    }

    private static String percent(Accuracy accuracy) {
        return accuracy.runs().size() == 1
                ? String.format(Locale.ROOT, "%.2f %%", 100 * accuracy.mean())
                : String.format(Locale.ROOT, "%.2f ± %.2f %%", 100 * accuracy.mean(), 100 * accuracy.standardError());
    }

    private static String seconds(OptionalDouble seconds) {
        return seconds.isPresent() ? String.format(Locale.ROOT, "%.1f s", seconds.getAsDouble()) : "–";
    }
}
