package org.noprop.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.noprop.data.BaselineKind;

/** Several runs as a table for a terminal, a line each. */
public final class RunTable {
    private static final String NONE = "–";

    private RunTable() {}

    /**
     * The table, ending with a line feed; ± is the standard error over a run's inference runs. Of the two baselines,
     * there are the columns of those that a run has.
     */
    public static String of(List<RunFigures> runs) {
        List<BaselineKind> kinds = RunFigures.kinds(runs);
        List<List<String>> lines = new ArrayList<>();
        lines.add(heading(kinds));
        runs.forEach(run -> lines.add(line(run, kinds)));
        int[] widths = IntStream.range(0, lines.get(0).size())
                .map(column -> lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return lines.stream().map(line -> padded(line, widths)).collect(Collectors.joining());
    }

    private static List<String> heading(List<BaselineKind> kinds) {
        Stream<String> before = Stream.of("run", "seed", "NoProp", "no noise");
        Stream<String> between = Stream.of("slowest block", "all blocks");
        return Stream.of(
                        before,
                        kinds.stream().map(BaselineKind::title),
                        between,
                        kinds.stream().map(kind -> kind.title() + "'s"),
                        Stream.of("memory"))
                .flatMap(names -> names)
                .toList();
    }

    private static List<String> line(RunFigures run, List<BaselineKind> kinds) {
        List<String> line = new ArrayList<>(
                List.of(run.run(), Long.toString(run.seed()), percent(run.noprop()), percent(run.withoutNoise())));
        kinds.forEach(kind -> line.add(run.accuracy(kind).map(RunTable::percent).orElse(NONE)));
        line.add(seconds(OptionalDouble.of(run.slowestBlock())));
        line.add(seconds(OptionalDouble.of(run.allBlocks())));
        kinds.forEach(kind -> line.add(seconds(run.seconds(kind))));
        line.add(number("%.3f", run.memoryRatio()));
        return line;
    }

    private static String padded(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder(
                line.get(0) + " ".repeat(widths[0] - line.get(0).length()));
        for (int column = 1; column < widths.length; column++) {
            text.append(" ".repeat(2 + widths[column] - line.get(column).length()))
                    .append(line.get(column));
        }
        return text.append('\n').toString();
    }

    private static String percent(Accuracy accuracy) {
        return accuracy.runs().size() == 1
                ? String.format(Locale.ROOT, "%.2f %%", 100 * accuracy.mean())
                : String.format(Locale.ROOT, "%.2f ± %.2f %%", 100 * accuracy.mean(), 100 * accuracy.standardError());
    }

    private static String seconds(OptionalDouble seconds) {
        return number("%.1f s", seconds);
    }

    private static String number(String format, OptionalDouble number) {
        return number.isPresent() ? String.format(Locale.ROOT, format, number.getAsDouble()) : NONE;
    }
}
