package org.noprop.evaluation.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.noprop.data.BaselineKind;
import org.noprop.evaluation.Comparison;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.MemoryPair;
import org.noprop.evaluation.Requirements;
import org.noprop.evaluation.TrainingTimes;

/** The verdict on each of the three claims: accuracy, memory, parallel time. */
final class Claims {
    /** A claim is kept if a block takes less than the baseline, unless a bound says otherwise. */
    private static final double LESS = 1;

    private Claims() {}

    /**
     * A verdict.
     *
     * @param claim what it is about
     * @param style passed, failed or none
     * @param word the verdict in a few words
     * @param sentence with the figures, without its full stop
     */
    record Verdict(String claim, String style, String word, String sentence) {}

    static List<Verdict> of(EvaluationResult result, RunFacts facts) {
        return List.of(
                accuracy(result, facts.requirements()),
                memory(facts.training().memoryOfRun(), facts.requirements().memoryRatio()),
                time(facts.training().times()));
    }

    private static Verdict accuracy(EvaluationResult result, Requirements required) {
        Requirements accuracies =
                new Requirements(required.accuracy(), required.baselineDistance(), OptionalDouble.empty());
        List<String> missed = accuracies.missed(result, Optional.empty());
        if (!missed.isEmpty()) {
            return verdict("Accuracy", false, "Below what is required", String.join("; ", missed));
        }
        return result.comparison()
                .map(comparison -> verdict("Accuracy", comparison.passed(), place(comparison), comparison.verdict()))
                .orElseGet(() -> new Verdict(
                        "Accuracy",
                        "none",
                        "No baseline in this run",
                        "NoProp " + Wording.percent(result.noprop())
                                + "; train the baseline and evaluate again for a comparison"));
    }

    private static String place(Comparison comparison) {
        if (!comparison.passed()) {
            return "Behind the baseline";
        }
        return comparison.differencePoints() > comparison.marginPoints()
                ? "Ahead of the baseline"
                : "Level with the baseline";
    }

    private static Verdict memory(Optional<MemoryPair> measured, OptionalDouble bound) {
        if (measured.isEmpty()) {
            return new Verdict(
                    "Memory",
                    "none",
                    "Not measured",
                    "run measure with this --run-id, and evaluate again with --resume");
        }
        MemoryPair pair = measured.get();
        boolean passed = pair.ratio() <= bound.orElse(Math.nextDown(LESS));
        String sentence = String.format(
                Locale.ROOT,
                "Training a block takes %s above an idle process, the baseline of %d blocks %s%s",
                Wording.megabytes(pair.block().measuredBytes()),
                pair.blocks(),
                Wording.megabytes(pair.baseline().measuredBytes()),
                bound.isPresent()
                        ? String.format(Locale.ROOT, "; at most %.3f of it is allowed", bound.getAsDouble())
                        : "");
        return verdict(
                "Memory",
                passed,
                String.format(Locale.ROOT, "A worker needs %.3f of the baseline's", pair.ratio()),
                sentence);
    }

    private static Verdict time(TrainingTimes times) {
        if (times.blocks().isEmpty() || times.baseline().isEmpty()) {
            return new Verdict(
                    "Parallel time",
                    "none",
                    "No baseline in this run",
                    "train the baseline and evaluate again for a comparison");
        }
        double slowest = times.slowestBlock().toMillis();
        double baseline = times.baseline().get().toMillis();
        return verdict(
                "Parallel time",
                slowest < baseline,
                String.format(Locale.ROOT, "With a worker a block, %.2f of the baseline's time", slowest / baseline),
                String.format(
                        Locale.ROOT,
                        "The slowest block trained for %s, all %d one after the other for %s%s",
                        Wording.time(times.slowestBlock()),
                        times.blocks().size(),
                        Wording.time(times.allBlocks()),
                        baselines(times)));
    }

    private static String baselines(TrainingTimes times) {
        return Stream.of(BaselineKind.values())
                .flatMap(kind ->
                        times.of(kind).stream().map(time -> ", the " + kind.title() + " for " + Wording.time(time)))
                .collect(Collectors.joining());
    }

    private static Verdict verdict(String claim, boolean passed, String word, String sentence) {
        return new Verdict(claim, passed ? "passed" : "failed", word, sentence);
    }
}
