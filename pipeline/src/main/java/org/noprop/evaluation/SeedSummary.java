package org.noprop.evaluation;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.noprop.data.BaselineKind;
import org.noprop.data.InvalidInputException;

/**
 * Runs that differ in their seed alone: how well NoProp and the baselines do, and how much that depends on the seed.
 *
 * @param runs one for each seed, at least one
 */
public record SeedSummary(List<RunFigures> runs) {
    private static final int SCHEMA = 2;

    /**
     * Copies the list.
     *
     * @throws InvalidInputException if a seed comes twice
     */
    public SeedSummary {
        runs = List.copyOf(runs);
        if (runs.stream().map(RunFigures::seed).distinct().count() < runs.size()) {
            throw new InvalidInputException("Runs with the same seed say nothing of other seeds; give each seed once ("
                    + String.join(
                            ", ",
                            runs.stream()
                                    .map(run -> run.run() + " has seed " + run.seed())
                                    .toList())
                    + ")");
        }
    }

    /** Mean accuracy of NoProp's noisy runs, by seed. */
    public Spread noprop() {
        return spread(run -> run.noprop().mean());
    }

    /** Accuracy of the noisy runs' mean probability, by seed. */
    public Spread averaged() {
        return spread(run -> run.averaged().mean());
    }

    /** Accuracy without noise, by seed. */
    public Spread withoutNoise() {
        return spread(run -> run.withoutNoise().mean());
    }

    /** The baselines that every run has. */
    public List<BaselineKind> baselines() {
        return RunFigures.kinds(runs).stream()
                .filter(kind -> runs.stream().allMatch(run -> run.accuracy(kind).isPresent()))
                .toList();
    }

    /** The one of these that is better on average over seeds; empty unless every run has one. */
    public Optional<BaselineKind> better() {
        Comparator<BaselineKind> byAccuracy =
                Comparator.comparing(kind -> baseline(kind).mean());
        return baselines().stream().sorted(byAccuracy.reversed()).findFirst();
    }

    /** Mean accuracy of a baseline that every run has, by seed. */
    public Spread baseline(BaselineKind kind) {
        return spread(run -> run.accuracy(kind).orElseThrow().mean());
    }

    /** NoProp's accuracy less that of a baseline of the same seed, in points; every run has that baseline. */
    public Spread differencePoints(BaselineKind kind) {
        return spread(run ->
                100 * (run.noprop().mean() - run.accuracy(kind).orElseThrow().mean()));
    }

    /**
     * The standard error that inference alone leaves in NoProp's mean over seeds: the root of the mean square of the
     * runs' own, over √n; NaN with one inference run.
     */
    public double inferenceError() {
        double squares = runs.stream()
                .mapToDouble(run -> Math.pow(run.noprop().standardError(), 2))
                .sum();
        return Math.sqrt(squares) / runs.size();
    }

    private Spread spread(Function<RunFigures, Double> figure) {
        return new Spread(runs.stream().map(figure).toList());
    }

    /**
     * The bounds that the means over seeds miss, each in words.
     *
     * @param bounds of accuracy, distance to the better baseline and memory
     */
    public List<String> missed(Requirements bounds) {
        OptionalDouble difference = better().stream()
                .mapToDouble(kind -> differencePoints(kind).mean())
                .findFirst();
        OptionalDouble memory = runs.stream().allMatch(run -> run.memoryRatio().isPresent())
                ? runs.stream()
                        .mapToDouble(run -> run.memoryRatio().getAsDouble())
                        .average()
                : OptionalDouble.empty();
        return bounds.missed(100 * noprop().mean(), difference, memory);
    }

    /** The result in one sentence; ± is the standard error over seeds. */
    public String sentence() {
        String noprop = runs.size() + (runs.size() == 1 ? " seed" : " seeds") + ": NoProp " + percent(noprop())
                + ", without noise " + percent(withoutNoise());
        List<BaselineKind> kinds = baselines();
        if (kinds.isEmpty()) {
            return noprop + "; no baseline in every run to compare with";
        }
        String baselines = kinds.stream()
                .map(kind -> ", " + kind.title() + " " + percent(baseline(kind)))
                .collect(Collectors.joining());
        return noprop + baselines + "; NoProp is "
                + kinds.stream().map(this::place).collect(Collectors.joining(" and "));
    }

    private String place(BaselineKind kind) {
        Spread points = differencePoints(kind);
        return plusMinus(Math.abs(points.mean()), points.standardError()) + " points "
                + (points.mean() < 0 ? "below" : "above")
                + (baselines().size() == 1 ? "" : " the " + kind.title());
    }

    private static String percent(Spread spread) {
        return plusMinus(100 * spread.mean(), 100 * spread.standardError()) + " %";
    }

    private static String plusMinus(double mean, double error) {
        return Double.isNaN(error)
                ? String.format(Locale.ROOT, "%.2f", mean)
                : String.format(Locale.ROOT, "%.2f ± %.2f", mean, error);
    }

    /**
     * What is written of it. Accuracies are fractions.
     *
     * @param nopropInferenceError as {@link #inferenceError}; null with one inference run
     * @param baseline the better one of those that every run has; null where there is none
     * @param differencePoints NoProp less it
     * @param baselines all of them, by {@link BaselineKind#key}
     */
    private record Figures(
            int schema,
            List<String> runs,
            List<Long> seeds,
            BySeed noprop,
            Double nopropInferenceError,
            BySeed nopropAveraged,
            BySeed nopropWithoutNoise,
            BySeed baseline,
            BySeed differencePoints,
            Map<String, OfBaseline> baselines) {}

    /** The standard error is over seeds, and null with one. */
    private record BySeed(double mean, Double standardError, List<Double> bySeed) {
        static BySeed of(Spread spread) {
            return new BySeed(
                    spread.mean(), spread.values().size() > 1 ? spread.standardError() : null, spread.values());
        }
    }

    private record OfBaseline(BySeed accuracy, BySeed differencePoints) {}

    /** The figures as JSON, schema 2. */
    public String json() {
        Optional<BaselineKind> better = better();
        Map<String, OfBaseline> each = new LinkedHashMap<>();
        for (BaselineKind kind : baselines()) {
            each.put(kind.key(), new OfBaseline(BySeed.of(baseline(kind)), BySeed.of(differencePoints(kind))));
        }
        return FigureJson.text(new Figures(
                SCHEMA,
                runs.stream().map(RunFigures::run).toList(),
                runs.stream().map(RunFigures::seed).toList(),
                BySeed.of(noprop()),
                Double.isNaN(inferenceError()) ? null : inferenceError(),
                BySeed.of(averaged()),
                BySeed.of(withoutNoise()),
                better.map(kind -> BySeed.of(baseline(kind))).orElse(null),
                better.map(kind -> BySeed.of(differencePoints(kind))).orElse(null),
                each.isEmpty() ? null : each));
    }
}
