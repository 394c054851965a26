package org.noprop.evaluation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.noprop.data.BaselineKind;
import org.noprop.inference.ChainRun;
import org.noprop.inference.ChainTrace;
import org.noprop.inference.ClassProbabilities;

/**
 * Compares predictions with the labels. It gets predictions that are complete, so that no label can
 * reach a model.
 */
public final class Evaluation {
    private final List<String> classNames;
    private final int[] labels;

    /**
     * An evaluation over these rows.
     *
     * @param classNames the m classes
     * @param labels the class of each row, at least one row
     * @throws IllegalArgumentException if a label has no class
     */
    public Evaluation(List<String> classNames, int[] labels) {
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classNames.size()) {
                throw new IllegalArgumentException("Label " + labels[row] + " of test row " + row
                        + " is not one of the classes 0 … " + (classNames.size() - 1));
            }
        }
        this.classNames = List.copyOf(classNames);
        this.labels = labels.clone();
    }

    /**
     * The result without a baseline.
     *
     * @param trace NoProp's predictions for the rows of this evaluation
     * @throws IllegalArgumentException if they are not as many
     */
    public EvaluationResult of(ChainTrace trace) {
        return of(trace, new TreeMap<>(), 0);
    }

    /**
     * The result, compared with the better of the baselines, where there is one.
     *
     * @param trace NoProp's predictions for the rows of this evaluation
     * @param baselines theirs, by run
     * @param marginPoints accuracy points below it that still count as level, at least 0
     * @throws IllegalArgumentException if they are not as many
     */
    public EvaluationResult of(
            ChainTrace trace, SortedMap<BaselineKind, List<ClassProbabilities>> baselines, double marginPoints) {
        List<BaselineFigures> figures =
                baselines.entrySet().stream().map(this::figures).toList();
        Accuracy noprop = accuracy(probabilities(trace));
        return result(trace, figures, Comparison.of(noprop.mean(), figures, marginPoints));
    }

    private BaselineFigures figures(Map.Entry<BaselineKind, List<ClassProbabilities>> baseline) {
        return new BaselineFigures(
                baseline.getKey(),
                accuracy(baseline.getValue()),
                Calibration.of(ClassProbabilities.mean(baseline.getValue()), labels));
    }

    private EvaluationResult result(
            ChainTrace trace, List<BaselineFigures> baselines, Optional<Comparison> comparison) {
        List<ClassProbabilities> runs = probabilities(trace);
        ClassProbabilities mean = ClassProbabilities.mean(runs);
        int[] averaged = mean.predictions();
        return new EvaluationResult(
                classNames,
                labels.length,
                accuracy(runs),
                Accuracy.of(averaged, labels),
                accuracy(List.of(trace.withoutNoise().probabilities())),
                trace.steps(),
                byStep(trace),
                trace.blocksAlone().stream()
                        .map(block -> Accuracy.of(block, labels))
                        .toList(),
                ConfusionMatrix.of(classNames.size(), averaged, labels),
                baselines,
                comparison,
                evidence(trace, mean));
    }

    private Evidence evidence(ChainTrace trace, ClassProbabilities mean) {
        int[] firstRun = trace.noisyRuns().get(0).probabilities().predictions();
        return new Evidence(
                trace.fewerBlocks().stream()
                        .map(fewer -> new Evidence.BlocksUsed(
                                fewer.blocks(),
                                Accuracy.of(fewer.predictions(), labels).mean()))
                        .toList(),
                Calibration.of(mean, labels),
                trace.paths().moments(),
                ImagePath.choose(trace.paths(), firstRun, labels));
    }

    private List<Accuracy> byStep(ChainTrace trace) {
        return IntStream.range(0, trace.steps().size())
                .mapToObj(step -> trace.noisyRuns().stream()
                        .map(run -> run.afterStep().get(step))
                        .toList())
                .map(runs -> Accuracy.of(runs, labels))
                .toList();
    }

    private static List<ClassProbabilities> probabilities(ChainTrace trace) {
        return trace.noisyRuns().stream().map(ChainRun::probabilities).toList();
    }

    private Accuracy accuracy(List<ClassProbabilities> runs) {
        return Accuracy.of(runs.stream().map(ClassProbabilities::predictions).toList(), labels);
    }
}
