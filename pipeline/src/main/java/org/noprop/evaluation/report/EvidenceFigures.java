package org.noprop.evaluation.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.noprop.data.BaselineKind;
import org.noprop.evaluation.BaselineFigures;
import org.noprop.evaluation.Calibration;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.Evidence;
import org.noprop.evaluation.ImagePath;
import org.noprop.evaluation.LearningProgress;
import org.noprop.evaluation.MemoryByBatch;
import org.noprop.evaluation.MemoryComparison;
import org.noprop.evaluation.MemoryPair;
import org.noprop.evaluation.MemoryVariant;
import org.noprop.evaluation.Progress;
import org.noprop.evaluation.SubjectMemory;
import org.noprop.evaluation.TrainingTimes;

/** Draws what there is beside accuracy by step: calibration, fewer blocks, paths of z, memory, executors. */
final class EvidenceFigures {
    private static final double MEGABYTE = 1e6;
    private static final int MOST_OTHERS = 12;
    private static final Map<String, String> SHORT_NAMES = Map.of(
            "all-blocks-in-one-process", "all blocks",
            "baseline-in-micro-batches", "micro-batches",
            "one-block-by-back-propagation", "1 by back-prop.");

    private EvidenceFigures() {}

    /** How often a model is right by how sure it is; the diagonal is a model that knows. */
    static String calibration(EvaluationResult result) {
        XYChart chart = Charts.numbers("probability given, %", "right, %");
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(100.0).setYAxisMin(0.0).setYAxisMax(100.0);
        Charts.dashes(chart, "as sure as right", List.of(0.0, 100.0), List.of(0.0, 100.0), Palette.ALONE);
        addBins(chart, "NoProp", result.evidence().calibration(), Palette.NOPROP);
        result.baselines()
                .forEach(baseline -> addBins(
                        chart, baseline.kind().title(), baseline.calibration(), Palette.baseline(baseline.kind())));
        return InlineSvg.of(chart);
    }

    private static void addBins(XYChart chart, String name, Calibration calibration, Color color) {
        Charts.line(
                chart,
                name,
                calibration.bins().stream().map(bin -> 100 * bin.confidence()).toList(),
                calibration.bins().stream().map(bin -> 100 * bin.accuracy()).toList(),
                color);
    }

    /** Accuracy on the validation split over seconds of training. */
    static String accuracyOverTime(LearningProgress learning) {
        XYChart chart = Charts.numbers("training time, s", "accuracy, %");
        chart.getStyler().setXAxisMin(0.0);
        addProgress(chart, "NoProp, T workers", learning.workerABlock(), Palette.NOPROP);
        if (!learning.onSlots().equals(learning.workerABlock())) {
            addProgress(chart, "NoProp as it ran", learning.onSlots(), Palette.ALONE);
        }
        learning.baselines()
                .forEach((kind, progress) -> addProgress(chart, kind.title(), progress, Palette.baseline(kind)));
        return InlineSvg.of(chart);
    }

    private static void addProgress(XYChart chart, String name, Progress progress, Color color) {
        if (!progress.epochs().isEmpty()) {
            Charts.line(
                    chart,
                    name,
                    progress.seconds(),
                    progress.accuracy().stream().map(accuracy -> 100 * accuracy).toList(),
                    color);
        }
    }

    /** Accuracy over the number of blocks that are used. */
    static String fewerBlocks(List<Evidence.BlocksUsed> fewer, List<BaselineFigures> baselines) {
        XYChart chart = Charts.numbers("blocks used", "accuracy, %");
        List<Double> blocks = fewer.stream().map(used -> (double) used.blocks()).toList();
        List<Double> accuracies =
                fewer.stream().map(used -> 100 * used.accuracy()).toList();
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(100.0).setXAxisMin(0.0);
        Charts.wholeNumbers(chart);
        Charts.line(chart, "NoProp", blocks, accuracies, Palette.NOPROP);
        baselines.forEach(baseline -> Charts.dashes(
                chart,
                baseline.kind().title(),
                blocks,
                Collections.nCopies(blocks.size(), 100 * baseline.accuracy().mean()),
                Palette.baseline(baseline.kind())));
        return InlineSvg.of(chart);
    }

    /** The distance of z to every class's label embedding, moment by moment; the image's own class stands out. */
    static String path(ImagePath path, List<String> classNames) {
        XYChart chart = Charts.numbers("step", "distance of z");
        int moments = path.distances().size();
        List<Double> x =
                IntStream.range(0, moments).mapToObj(moment -> (double) moment).toList();
        Charts.wholeNumbers(chart);
        chart.getStyler().setYAxisMin(0.0).setXAxisMin(0.0).setXAxisMax(moments - 1.0);
        nearestOthers(path, classNames.size())
                .forEach(k -> thin(Charts.line(chart, "class " + k, x, distances(path, k), Palette.ALONE)));
        if (path.prediction() != path.label()) {
            Charts.line(
                            chart,
                            "taken for " + classNames.get(path.prediction()),
                            x,
                            distances(path, path.prediction()),
                            Palette.BASELINE)
                    .setMarker(SeriesMarkers.NONE);
        }
        Charts.line(
                        chart,
                        "its class, " + classNames.get(path.label()),
                        x,
                        distances(path, path.label()),
                        Palette.NOPROP)
                .setMarker(SeriesMarkers.NONE);
        return InlineSvg.of(chart);
    }

    /** The classes that z comes nearest to beside its own and the one it was taken for, some at most. */
    private static List<Integer> nearestOthers(ImagePath path, int classes) {
        return IntStream.range(0, classes)
                .boxed()
                .filter(k -> k != path.label() && k != path.prediction())
                .sorted(Comparator.comparingDouble(k -> Collections.min(distances(path, k))))
                .limit(MOST_OTHERS)
                .toList();
    }

    private static void thin(XYSeries series) {
        series.setLineWidth(1);
        series.setMarker(SeriesMarkers.NONE);
        series.setShowInLegend(false);
    }

    private static List<Double> distances(ImagePath path, int label) {
        return path.distances().stream().map(moment -> (double) moment[label]).toList();
    }

    /** What training holds, of a block and of the baseline, stacked by what it is for. */
    static String memoryBars(MemoryPair pair) {
        List<String> subjects = List.of("one block", "baseline of " + pair.blocks());
        List<String> parts = Stream.of(pair.block(), pair.baseline())
                .flatMap(memory -> memory.accounted().keySet().stream())
                .distinct()
                .toList();
        CategoryChart chart = Charts.categories("", "MB", subjects.size());
        chart.getStyler().setStacked(true).setOverlapped(false).setYAxisMin(0.0);
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            chart.addSeries(
                            part.replace('-', ' '),
                            subjects,
                            List.of(megabytes(pair.block(), part), megabytes(pair.baseline(), part)))
                    .setFillColor(Palette.block(i + 1, parts.size() + 1));
        }
        chart.addSeries("other", subjects, List.of(other(pair.block()), other(pair.baseline())))
                .setFillColor(Palette.GRID);
        return InlineSvg.of(chart);
    }

    private static double megabytes(SubjectMemory memory, String part) {
        return memory.accounted().getOrDefault(part, 0L) / MEGABYTE;
    }

    /** What was measured and is not accounted for. */
    private static double other(SubjectMemory memory) {
        return Math.max(0, memory.measuredBytes() - memory.accountedBytes()) / MEGABYTE;
    }

    /** Memory of training over the number of blocks. */
    static String memoryOverBlocks(MemoryComparison memory) {
        XYChart chart = Charts.numbers("blocks T", "MB");
        List<Double> blocks =
                memory.pairs().stream().map(pair -> (double) pair.blocks()).toList();
        chart.getStyler().setYAxisMin(0.0).setXAxisMin(0.0);
        Charts.wholeNumbers(chart);
        Charts.line(
                chart,
                "one block",
                blocks,
                memory.pairs().stream()
                        .map(pair -> pair.block().measuredBytes() / MEGABYTE)
                        .toList(),
                Palette.NOPROP);
        Charts.line(
                chart,
                "baseline of T blocks",
                blocks,
                memory.pairs().stream()
                        .map(pair -> pair.baseline().measuredBytes() / MEGABYTE)
                        .toList(),
                Palette.BASELINE);
        return InlineSvg.of(chart);
    }

    /** What other ways of training take, beside one block and the baseline at the same T. */
    static String memoryVariants(MemoryPair pair, List<MemoryVariant> variants) {
        List<String> names = new ArrayList<>(List.of("one block"));
        List<Double> values = new ArrayList<>(List.of(pair.block().measuredBytes() / MEGABYTE));
        for (MemoryVariant variant : variants) {
            names.add(SHORT_NAMES.getOrDefault(variant.name(), variant.name()));
            values.add(variant.memory().measuredBytes() / MEGABYTE);
        }
        names.add("baseline");
        values.add(pair.baseline().measuredBytes() / MEGABYTE);
        CategoryChart chart = Charts.categories("", "MB", names.size());
        chart.getStyler().setYAxisMin(0.0).setLegendVisible(false);
        chart.getStyler().setXAxisLabelRotation(30);
        chart.addSeries("memory", names, values).setFillColor(Palette.NOPROP);
        return InlineSvg.of(chart);
    }

    /** Memory of training over the batch size. */
    static String memoryOverBatches(List<MemoryByBatch> batches) {
        XYChart chart = Charts.numbers("batch size", "MB");
        List<Double> sizes =
                batches.stream().map(batch -> (double) batch.batchSize()).toList();
        chart.getStyler().setYAxisMin(0.0).setXAxisMin(0.0);
        Charts.line(
                chart,
                "one block",
                sizes,
                batches.stream()
                        .map(batch -> batch.pair().block().measuredBytes() / MEGABYTE)
                        .toList(),
                Palette.NOPROP);
        Charts.line(
                chart,
                "baseline",
                sizes,
                batches.stream()
                        .map(batch -> batch.pair().baseline().measuredBytes() / MEGABYTE)
                        .toList(),
                Palette.BASELINE);
        return InlineSvg.of(chart);
    }

    /** The time of training over the number of executors, from the blocks' own times, beside the baselines. */
    static String executors(TrainingTimes times) {
        XYChart chart = Charts.numbers("executors", "training time, s");
        TreeSet<Integer> counts = new TreeSet<>();
        IntStream.rangeClosed(1, times.blocks().size() + 2).forEach(counts::add);
        List<Double> x = counts.stream().map(count -> (double) count).toList();
        chart.getStyler().setYAxisMin(0.0).setXAxisMin(0.0);
        Charts.wholeNumbers(chart);
        Charts.line(
                chart,
                "NoProp",
                x,
                counts.stream()
                        .map(count -> TrainingTimes.secondsOn(count, times.blocks()))
                        .toList(),
                Palette.NOPROP);
        for (BaselineKind kind : BaselineKind.values()) {
            times.of(kind)
                    .ifPresent(time -> Charts.dashes(
                            chart,
                            kind.title(),
                            x,
                            Collections.nCopies(x.size(), time.toMillis() / 1000.0),
                            Palette.baseline(kind)));
        }
        return InlineSvg.of(chart);
    }
}
