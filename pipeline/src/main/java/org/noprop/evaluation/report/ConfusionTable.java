package org.noprop.evaluation.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.noprop.evaluation.ConfusionMatrix;

/**
 * A confusion matrix as the page shows it: the whole as a heat map where it is small enough to read,
 * and in any case the pairs of classes that were mistaken most often.
 *
 * @param wholeShown whether there is a heat map
 * @param names the classes
 * @param rows the heat map's rows, a true class each; empty if it is not shown
 * @param mistakes the most frequent mistakes, most frequent first
 */
record ConfusionTable(boolean wholeShown, List<String> names, List<Row> rows, List<Mistake> mistakes) {
    private static final int MOST_CLASSES = 20;
    private static final int MOST_MISTAKES = 8;

    /** The predictions for one true class. */
    record Row(String name, List<Cell> cells) {}

    /**
     * How often a true class was predicted as some class.
     *
     * @param count as text; empty for zero
     * @param kind the style of the cell: right, wrong or none
     * @param shade 0 … 1, the share of the true class's rows, as text
     * @param dark whether the text must be light
     */
    record Cell(String count, String kind, String shade, boolean dark) {}

    /** One kind of mistake. */
    record Mistake(String trueClass, String predicted, int count, String share) {}

    /** Whether there was any mistake. */
    boolean anyMistakes() {
        return !mistakes.isEmpty();
    }

    static ConfusionTable of(ConfusionMatrix matrix, List<String> names) {
        boolean whole = matrix.classes() <= MOST_CLASSES;
        List<Row> rows = IntStream.range(0, whole ? matrix.classes() : 0)
                .mapToObj(label -> row(matrix, label, names.get(label)))
                .toList();
        return new ConfusionTable(whole, names, rows, mistakes(matrix, names));
    }

    private static Row row(ConfusionMatrix matrix, int label, String name) {
        int total = Math.max(1, matrix.rows(label));
        List<Cell> cells = IntStream.range(0, matrix.classes())
                .mapToObj(predicted -> cell(matrix.counts()[label][predicted], total, predicted == label))
                .toList();
        return new Row(name, cells);
    }

    /** Mistakes are few: the square root of their share makes them visible. */
    private static Cell cell(int count, int total, boolean right) {
        if (count == 0) {
            return new Cell("", "none", "0", false);
        }
        double share = count / (double) total;
        double shade = right ? share : Math.sqrt(share);
        return new Cell(
                Integer.toString(count),
                right ? "right" : "wrong",
                String.format(Locale.ROOT, "%.3f", shade),
                shade > 0.6);
    }

    private static List<Mistake> mistakes(ConfusionMatrix matrix, List<String> names) {
        List<Mistake> mistakes = new ArrayList<>();
        for (int label = 0; label < matrix.classes(); label++) {
            for (int predicted = 0; predicted < matrix.classes(); predicted++) {
                int count = matrix.counts()[label][predicted];
                if (predicted != label && count > 0) {
                    String share = String.format(Locale.ROOT, "%.1f %%", 100.0 * count / matrix.rows(label));
                    mistakes.add(new Mistake(names.get(label), names.get(predicted), count, share));
                }
            }
        }
        return mistakes.stream()
                .sorted(Comparator.comparingInt(Mistake::count).reversed())
                .limit(MOST_MISTAKES)
                .toList();
    }
}
