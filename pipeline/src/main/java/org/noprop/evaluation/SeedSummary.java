package org.noprop.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.noprop.data.InvalidInputException;

/**
 * Runs that differ in their seed alone: how well NoProp and the baseline do, and how much that depends on the seed.
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

    /** Mean accuracy of the baseline, by seed; empty unless every run has one. */
    public Optional<Spread> baseline() {
        return everyRunHasOne()
                ? Optional.of(spread(run -> run.baseline().orElseThrow().mean()))
                : Optional.empty();
    }

    /** NoProp's accuracy less the baseline's of the same seed, in points; empty unless every run has one. */
    public Optional<Spread> differencePoints() {
        return everyRunHasOne() ? Optional.of(spread(SeedSummary::difference)) : Optional.empty();
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

    private boolean everyRunHasOne() {
        return runs.stream().allMatch(run -> run.baseline().isPresent());
    }

    private static double difference(RunFigures run) {
        return 100 * (run.noprop().mean() - run.baseline().orElseThrow().mean());
    }

    private Spread spread(Function<RunFigures, Double> figure) {
        return new Spread(runs.stream().map(figure).toList());
    }

    /** The result in one sentence; ± is the standard error over seeds. */
    public String sentence() {
        String noprop = runs.size() + (runs.size() == 1 ? " seed" : " seeds") + ": NoProp " + percent(noprop())
                + ", without noise " + percent(withoutNoise());
        return differencePoints()
                .map(points -> noprop + ", baseline " + percent(baseline().orElseThrow()) + "; NoProp is "
                        + String.format(
                                Locale.ROOT,
                                "%s points %s",
                                plusMinus(Math.abs(points.mean()), points.standardError()),
                                points.mean() < 0 ? "below" : "above"))
                .orElse(noprop + "; no baseline in every run to compare with");
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
     * <pre>
     * {"schema": 1, "runs": ["…", …], "seeds": [n, …], "noprop": SPREAD, "noprop-inference-error": x,
     *  "noprop-averaged": SPREAD, "noprop-without-noise": SPREAD, "baseline": SPREAD, "difference-points": SPREAD}
     * SPREAD = {"mean": x, "standard-error": x, "by-seed": [x, …]}
     * </pre>
     */
    public String json() {
        ObjectNode root = NODES.objectNode();
        root.put("schema", 1);
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
        baseline().ifPresent(baseline -> root.set("baseline", node(baseline)));
        differencePoints().ifPresent(points -> root.set("difference-points", node(points)));
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
