package org.noprop.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

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
     * The figures as JSON. Accuracies are fractions, a standard error is over seeds and there with two or more.
     *
     * Baselines are those that every run has; baseline is the better one of them, difference-points NoProp less it.
     *
     * <pre>
     * {"schema": 2, "runs": ["…", …], "seeds": [n, …], "noprop": SPREAD, "noprop-inference-error": x,
     *  "noprop-averaged": SPREAD, "noprop-without-noise": SPREAD, "baseline": SPREAD, "difference-points": SPREAD,
     *  "baselines": {"blocks": {"accuracy": SPREAD, "difference-points": SPREAD}, "mlp": …}}
     * SPREAD = {"mean": x, "standard-error": x, "by-seed": [x, …]}
     * </pre>
     */
    public String json() {
        ObjectNode root = NODES.objectNode();
        root.put("schema", 2);
        ArrayNode names = root.putArray("runs");
        ArrayNode seeds = root.putArray("seeds");
        for (RunFigures run : runs) {
            names.add(run.run());
            seeds.add(run.seed());
        }
        root.set("noprop", node(noprop()));
        if (!Double.isNaN(inferenceError())) {
            root.put("noprop-inference-error", inferenceError());
        }
        root.set("noprop-averaged", node(averaged()));
        root.set("noprop-without-noise", node(withoutNoise()));
        better().ifPresent(kind -> {
            root.set("baseline", node(baseline(kind)));
            root.set("difference-points", node(differencePoints(kind)));
            ObjectNode each = root.putObject("baselines");
            baselines().forEach(one -> {
                ObjectNode own = each.putObject(one.key());
                own.set("accuracy", node(baseline(one)));
                own.set("difference-points", node(differencePoints(one)));
            });
        });
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode node(Spread spread) {
        ObjectNode node = NODES.objectNode();
        node.put("mean", spread.mean());
        if (spread.values().size() > 1) {
            node.put("standard-error", spread.standardError());
        }
        ArrayNode values = node.putArray("by-seed");
        spread.values().forEach(values::add);
        return node;
    }
}
