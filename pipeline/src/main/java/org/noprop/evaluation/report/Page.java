package org.noprop.evaluation.report;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.noprop.evaluation.Comparison;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.MemoryComparison;
import org.noprop.evaluation.TrainingTimes;

/** What the template {@code report.mustache} shows, in its words; names are the template's. */
record Page(
        String runId,
        String dataset,
        String started,
        String testRows,
        int inferenceRuns,
        boolean severalRuns,
        Verdict verdict,
        List<Tile> tiles,
        List<Figure> figures,
        List<Step> steps,
        boolean memoryMeasured,
        List<Memory> memory,
        ConfusionTable confusion,
        List<Fact> facts,
        String configuration) {
    private static final DateTimeFormatter STARTED = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** The sentence on top; the style is passed, failed or none. */
    record Verdict(String style, String word, String sentence) {}

    /** A number to take in at a glance. */
    record Tile(String label, String value, String note) {}

    /** A figure with its caption in plain words. */
    record Figure(String title, String svg, String caption) {}

    /** What is known of block and step t. */
    record Step(int t, String chain, String alone, String time) {}

    /** What training takes at T blocks. */
    record Memory(int blocks, String block, String baseline, String ratio) {}

    /** A line of the run's table. */
    record Fact(String name, String value) {}

    static Page of(EvaluationResult result, RunFacts facts, List<Figure> figures) {
        int runs = result.noprop().runs().size();
        return new Page(
                facts.runId(),
                facts.dataset(),
                STARTED.format(facts.started()),
                Wording.count(result.testRows()),
                runs,
                runs > 1,
                verdict(result),
                tiles(result, facts.times()),
                figures,
                steps(result, facts.times().blocks()),
                facts.memory().isPresent(),
                facts.memory().map(Page::memory).orElse(List.of()),
                ConfusionTable.of(result.confusion(), result.classNames()),
                facts(facts),
                facts.configuration());
    }

    private static Verdict verdict(EvaluationResult result) {
        return result.comparison()
                .map(comparison ->
                        new Verdict(comparison.passed() ? "passed" : "failed", place(comparison), comparison.verdict()))
                .orElseGet(() -> new Verdict(
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

    private static List<Tile> tiles(EvaluationResult result, TrainingTimes times) {
        List<Tile> tiles = new ArrayList<>();
        tiles.add(new Tile("NoProp", Wording.percent(result.noprop()), "test accuracy, mean of the noisy runs"));
        tiles.add(
                new Tile("NoProp, averaged", Wording.percent(result.averaged()), "the runs' mean probability decides"));
        tiles.add(new Tile(
                "NoProp, no noise", Wording.percent(result.withoutNoise()), "one run with every draw at its mean"));
        result.baseline()
                .ifPresent(baseline -> tiles.add(new Tile(
                        "Baseline", Wording.percent(baseline), "the same blocks, back-propagated end to end")));
        tiles.add(new Tile(
                "Slowest block",
                Wording.time(times.slowestBlock()),
                "all blocks one after the other: " + Wording.time(times.allBlocks())));
        tiles.add(new Tile("Baseline's training", Wording.time(times.baseline()), "one task, which cannot be cut"));
        return tiles;
    }

    private static List<Step> steps(EvaluationResult result, List<Duration> times) {
        return IntStream.range(0, result.chainByStep().size())
                .mapToObj(i -> new Step(
                        i + 1,
                        Wording.percentFigure(result.chainByStep().get(i)),
                        Wording.percentFigure(result.blocksAlone().get(i)),
                        i < times.size() ? Wording.time(times.get(i)) : "–"))
                .toList();
    }

    private static List<Memory> memory(MemoryComparison measured) {
        return measured.pairs().stream()
                .map(pair -> new Memory(
                        pair.blocks(),
                        Wording.megabytes(pair.block().measuredBytes()),
                        Wording.megabytes(pair.baseline().measuredBytes()),
                        Wording.share(pair.ratio())))
                .toList();
    }

    private static List<Fact> facts(RunFacts facts) {
        List<Fact> all = new ArrayList<>();
        all.add(new Fact("Run", facts.runId()));
        all.add(new Fact("Images", facts.dataset()));
        all.add(new Fact("Data fingerprint", facts.dataFingerprint()));
        all.add(new Fact("Seed", Long.toString(facts.seed())));
        all.add(new Fact("Head's training", Wording.time(facts.times().head())));
        facts.environment().forEach((name, value) -> all.add(new Fact(name, value)));
        return all;
    }
}
