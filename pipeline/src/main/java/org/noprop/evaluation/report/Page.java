package org.noprop.evaluation.report;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.noprop.data.BaselineKind;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.MemoryComparison;
import org.noprop.evaluation.SharedFigures;
import org.noprop.evaluation.TrainingTimes;

/** What the template {@code report.mustache} shows, in its words; names are the template's. */
record Page(
        String runId,
        String dataset,
        String started,
        String testRows,
        int inferenceRuns,
        boolean severalRuns,
        List<Claims.Verdict> verdicts,
        List<Tile> tiles,
        List<Figure> figures,
        boolean pathsShown,
        List<PathView> paths,
        String method,
        boolean onTest,
        boolean discrete,
        List<Step> steps,
        List<Interval> intervals,
        boolean sharing,
        String exchange,
        boolean timed,
        String target,
        List<Fact> timesToTarget,
        boolean memoryMeasured,
        List<Memory> memory,
        ConfusionTable confusion,
        List<Fact> facts,
        String configuration) {
    private static final DateTimeFormatter STARTED = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** A number to take in at a glance. */
    record Tile(String label, String value, String note) {}

    /** A figure with its caption in plain words. */
    record Figure(String title, String svg, String caption) {}

    /**
     * How z went its way for an image.
     *
     * @param picture the image as a data URI; empty where embeddings are no pictures
     * @param title what it is, and what it was taken for
     * @param svg the distances
     */
    record PathView(String picture, String title, String svg) {
        /** Whether there is a picture. */
        boolean pictured() {
            return !picture.isEmpty();
        }
    }

    /** What is known of block and step t; of a moment of continuous time the chain alone. */
    record Step(String t, String chain, String alone, String time) {}

    /** What is known of the block of an interval of [0, 1]. */
    record Interval(int number, String alone, String time) {}

    /** What training takes at T blocks. */
    record Memory(int blocks, String block, String baseline, String ratio) {}

    /** A line of the run's table. */
    record Fact(String name, String value) {}

    static Page of(EvaluationResult result, RunFacts facts, List<Figure> figures, List<PathView> paths) {
        int runs = result.noprop().runs().size();
        boolean discrete = ReportPage.eachBlockAStep(result);
        List<Duration> times = facts.training().times().blocks();
        SharedFigures shared = facts.training().shared();
        return new Page(
                facts.runId(),
                facts.dataset(),
                STARTED.format(facts.started()),
                Wording.count(result.testRows()),
                runs,
                runs > 1,
                Claims.of(result, facts),
                tiles(result, facts.training().times()),
                figures,
                !paths.isEmpty(),
                paths,
                facts.method(),
                facts.split().equals("test"),
                discrete,
                discrete ? steps(result, times) : moments(result),
                discrete ? List.of() : intervals(result, times),
                shared.rounds() > 0,
                exchange(shared),
                !TimesToTarget.of(facts.training().learning()).isEmpty(),
                TimesToTarget.target(facts.training().learning()),
                TimesToTarget.of(facts.training().learning()),
                facts.training().memory().isPresent(),
                facts.training().memory().map(Page::memory).orElse(List.of()),
                ConfusionTable.of(result.confusion(), result.classNames()),
                facts(facts),
                facts.configuration());
    }

    private static List<Tile> tiles(EvaluationResult result, TrainingTimes times) {
        List<Tile> tiles = new ArrayList<>();
        tiles.add(new Tile("NoProp", Wording.percent(result.noprop()), "test accuracy, mean of the noisy runs"));
        tiles.add(
                new Tile("NoProp, averaged", Wording.percent(result.averaged()), "the runs' mean probability decides"));
        tiles.add(new Tile(
                "NoProp, no noise", Wording.percent(result.withoutNoise()), "one run with every draw at its mean"));
        result.baselines()
                .forEach(baseline -> tiles.add(new Tile(
                        Wording.capitalised(baseline.kind().title()),
                        Wording.percent(baseline.accuracy()),
                        baseline.kind().description())));
        tiles.add(new Tile(
                "Slowest block",
                Wording.time(times.slowestBlock()),
                "all blocks one after the other: " + Wording.time(times.allBlocks())));
        for (BaselineKind kind : BaselineKind.values()) {
            times.of(kind)
                    .ifPresent(time -> tiles.add(new Tile(
                            Wording.capitalised(kind.title()) + "'s training",
                            Wording.time(time),
                            "one task, which cannot be cut")));
        }
        return tiles;
    }

    private static List<Step> steps(EvaluationResult result, List<Duration> times) {
        return IntStream.range(0, result.chainByStep().size())
                .mapToObj(i -> new Step(
                        result.steps().get(i),
                        Wording.percentFigure(result.chainByStep().get(i)),
                        Wording.percentFigure(result.blocksAlone().get(i)),
                        i < times.size() ? Wording.time(times.get(i)) : "–"))
                .toList();
    }

    private static List<Step> moments(EvaluationResult result) {
        return IntStream.range(0, result.steps().size())
                .mapToObj(i -> new Step(
                        result.steps().get(i),
                        Wording.percentFigure(result.chainByStep().get(i)),
                        "",
                        ""))
                .toList();
    }

    private static List<Interval> intervals(EvaluationResult result, List<Duration> times) {
        return IntStream.range(0, result.blocksAlone().size())
                .mapToObj(i -> new Interval(
                        i + 1,
                        Wording.percentFigure(result.blocksAlone().get(i)),
                        i < times.size() ? Wording.time(times.get(i)) : "–"))
                .toList();
    }

    private static String exchange(SharedFigures shared) {
        return String.format(
                Locale.ROOT,
                "%.1f kB over %d rounds, both ways, all blocks together",
                shared.exchangedBytes() / 1000.0,
                shared.rounds());
    }

    private static List<Memory> memory(MemoryComparison measured) {
        return measured.pairs().stream()
                .map(pair -> new Memory(
                        pair.blocks(),
                        Wording.megabytes(pair.block()),
                        Wording.megabytes(pair.baseline()),
                        Wording.share(pair.ratio())))
                .toList();
    }

    private static List<Fact> facts(RunFacts facts) {
        List<Fact> all = new ArrayList<>();
        all.add(new Fact("Run", facts.runId()));
        all.add(new Fact("Images", facts.dataset()));
        all.add(new Fact("Data fingerprint", facts.dataFingerprint()));
        all.add(new Fact("Seed", Long.toString(facts.seed())));
        all.add(new Fact(
                "Head's training", Wording.time(facts.training().times().head())));
        all.add(new Fact("Exchanged between blocks", exchange(facts.training().shared())));
        facts.environment().forEach((name, value) -> all.add(new Fact(name, value)));
        return all;
    }
}
