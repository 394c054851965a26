package org.noprop.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.noprop.data.BaselineKind;
import org.noprop.data.Pictures;
import org.noprop.evaluation.Accuracy;
import org.noprop.evaluation.BaselineFigures;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.Requirements;
import org.noprop.evaluation.TrainingTimes;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ReportPageTest {
    private static final Optional<Accuracy> LEVEL = Optional.of(new Accuracy(List.of(0.976, 0.977)));
    private static final Optional<Accuracy> BETTER = Optional.of(new Accuracy(List.of(0.991)));

    @Test
    void thePageFetchesAndRunsNothing() {
        String withoutNamespaces = html(LEVEL)
                .replaceAll("xmlns(:xlink)?=\"[^\"]*\"", "")
                .replaceAll("<img src=\"data:image/png;base64,[A-Za-z0-9+/=]+\"", "");
        assertThat(withoutNamespaces)
                .doesNotContain(
                        "http:", "https:", "//", "<script", "<link", "<img", "<iframe", "@import", "javascript:");
        assertThat(withoutNamespaces.replaceAll("url\\(#", "")).doesNotContain("url(");
    }

    @Test
    void aRunLevelWithItsBaselineIsGreenWithItsFigures() {
        assertThat(html(LEVEL))
                .contains("<section class=\"verdict passed\">", "<strong>Level with the baseline</strong>")
                .contains(
                        "NoProp 97.21 %, baseline 97.65 %: NoProp is 0.44 points below, within the margin of 1 point.")
                .contains("<span>NoProp</span><b>97.21 ± 0.04 %</b>")
                .contains("<span>NoProp, no noise</span><b>97.35 %</b>")
                .contains("<span>Baseline</span><b>97.65 ± 0.05 %</b>")
                .contains("<span>Slowest block</span><b>11.7 s</b>")
                .contains("<span>Baseline&#39;s training</span><b>1 min 36 s</b>");
    }

    @Test
    void aRunBehindItsBaselineIsRed() {
        assertThat(html(BETTER))
                .contains("<section class=\"verdict failed\">", "<strong>Behind the baseline</strong>")
                .contains("NoProp is 1.89 points below, beyond the margin of 1 point.");
    }

    @Test
    void aRunAheadOfItsBaselineIsGreenAndSaysSo() {
        assertThat(html(Optional.of(new Accuracy(List.of(0.9)))))
                .contains("<section class=\"verdict passed\">", "<strong>Ahead of the baseline</strong>")
                .contains("NoProp is 7.21 points above the baseline.");
    }

    @Test
    void twoBaselinesStandApartAndTheVerdictIsOnTheBetter() {
        List<BaselineFigures> both = List.of(
                new BaselineFigures(BaselineKind.BLOCKS, new Accuracy(List.of(0.96)), SampleRun.CALIBRATION),
                new BaselineFigures(BaselineKind.MLP, new Accuracy(List.of(0.98)), SampleRun.CALIBRATION));
        assertThat(ReportPage.of(SampleRun.result(10, 10, both), SampleRun.facts(10))
                        .html())
                .contains("<span>Baseline</span><b>96.00 %</b>", "<span>Plain baseline</span><b>98.00 %</b>")
                .contains(
                        "baseline 98.00 % (a plain MLP of a block&#39;s width, the better of 2): NoProp is 0.79 points"
                                + " below");
    }

    @Test
    void aRunWithoutABaselineSaysSo() {
        assertThat(html(Optional.empty()))
                .contains("<section class=\"verdict none\">", "<strong>No baseline in this run</strong>")
                .contains("NoProp 97.21 ± 0.04 %; train the baseline and evaluate again for a comparison.")
                .doesNotContain("<span>Baseline</span>");
    }

    @Test
    void memoryAndTimeHaveVerdictsOfTheirOwn() {
        assertThat(html(LEVEL))
                .contains("<strong>A worker needs 0.125 of the baseline&#39;s</strong>")
                .contains("Training a block takes 90.0 MB above an idle process, the baseline of 10 blocks 720.0 MB.")
                .contains("<strong>With a worker a block, 0.12 of the baseline&#39;s time</strong>")
                .contains(
                        "The slowest block trained for 11.7 s, all 10 one after the other for 1 min 53 s, the baseline"
                                + " for 1 min 36 s.");
        assertThat(html(LEVEL).split("<section class=\"verdict passed\">", -1)).hasSize(3 + 1);
    }

    @Test
    void aVerdictIsRedAgainstTheBoundsThatAreSet() {
        RunFacts strict = SampleRun.facts(
                10, new Requirements(OptionalDouble.of(99), OptionalDouble.empty(), OptionalDouble.of(0.1)));
        String page = ReportPage.of(SampleRun.result(10, 10, LEVEL), strict).html();
        assertThat(page.split("<section class=\"verdict failed\">", -1)).hasSize(2 + 1);
        assertThat(page)
                .contains("<strong>Below what is required</strong>")
                .contains("accuracy is 97.21 % where at least 99 % is required.")
                .contains("the baseline of 10 blocks 720.0 MB; at most 0.100 of it is allowed.");
    }

    @Test
    void pathsShowTheImageAndItsClass() {
        assertThat(html(LEVEL))
                .contains("<h2>How z finds its class</h2>")
                .contains(
                        "alt=\"the image\">class &lt;0&gt;</h3>",
                        "<h3>class &lt;1&gt;, taken for class &lt;0&gt;</h3>");
    }

    @Test
    void onlyAnImageOfOneOrThreeChannelsIsAPicture() {
        assertThat(Picture.of(new Pictures(1, 2, 2, 1, new float[4]), 0).orElseThrow())
                .startsWith("data:image/png;base64,");
        assertThat(Picture.of(new Pictures(1, 1, 1, 3, new float[3]), 0)).isPresent();
        assertThat(Picture.of(new Pictures(1, 1, 1, 2, new float[2]), 0)).isEmpty();
    }

    @Test
    void aPictureIsThatOfItsRow() {
        Pictures images = new Pictures(2, 1, 2, 1, new float[] {0, 255, 255, 0});
        assertThat(Picture.of(images, 1)).isNotEqualTo(Picture.of(images, 0));
        assertThat(Picture.of(images, 1)).isEqualTo(Picture.of(new Pictures(1, 1, 2, 1, new float[] {255, 0}), 0));
        assertThat(Picture.of(images, 2)).isEmpty();
    }

    @Test
    void executorsTakeTheNextBlockWhenTheyAreFree() {
        List<Duration> blocks = List.of(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(TrainingTimes.secondsOn(1, blocks)).isEqualTo(6);
        assertThat(TrainingTimes.secondsOn(2, blocks)).isEqualTo(3);
        assertThat(TrainingTimes.secondsOn(5, blocks)).isEqualTo(3);
    }

    @Test
    void theTimeToAnAccuracyIsThereWhereItWasMeasured() {
        RunFacts sample = SampleRun.facts(10);
        assertThat(ReportPage.of(SampleRun.result(10, 10, LEVEL), SampleRun.learnt(sample))
                        .html())
                .contains("<h2>Time to 96.50 % of the validation images</h2>")
                .contains("NoProp, a worker a block</th><td>20.0 s</td>", "NoProp on 2 workers</th><td>1 min 40 s</td>")
                .contains("Baseline</th><td>45.0 s</td>", "Plain baseline</th><td>not reached</td>")
                .contains("Accuracy over training time");
        assertThat(html(LEVEL)).doesNotContain("Time to ", "Accuracy over training time", "How long on a cluster");
    }

    @Test
    void aPlanIsDrawnWithWhereNoPropGetsNoFaster() {
        Report report = ReportPage.of(SampleRun.result(10, 10, LEVEL), SampleRun.learnt(SampleRun.facts(10)));
        assertThat(report.figures()).containsKey("plan.svg");
        assertThat(report.html())
                .contains(
                        "<h3>How long on a cluster</h3>",
                        "NoProp gets no faster beyond T·K &#61; 7·2 &#61; 14 executors.");
    }

    @Test
    void everyStepAndBlockHasItsLine() {
        assertThat(html(LEVEL))
                .contains("<tr><td>1</td><td>85.29 ± 0.09</td><td>86.04 ± 0.07</td><td>11.0 s</td></tr>")
                .contains("<tr><td>10</td><td>96.11 ± 0.10</td><td>40.06 ± 0.10</td><td>11.7 s</td></tr>");
    }

    @Test
    void namesAndConfigurationAppearAsTheyAreWritten() {
        assertThat(html(LEVEL))
                .contains("class &lt;9&gt;", "# &lt;kept&gt; as it is &amp; &quot;quoted&quot;")
                .doesNotContain("class <9>", "<kept>");
    }

    @Test
    void seedFingerprintAndVersionsAreListed() {
        assertThat(html(LEVEL))
                .contains(row("Seed", "42"), row("Data fingerprint", "sha256:9f2b6c1d0e4a7788"))
                .contains(row("Spark", "3.5.7"), row("Head&#39;s training", "0.6 s"))
                .contains("Run quickstart-20250101-120000, started 1 January 2025, 12:00 UTC");
    }

    @Test
    void aSmallConfusionMatrixIsAHeatMapAndALargeOneAListOfMistakes() {
        String small = html(LEVEL);
        assertThat(small).contains("<table class=\"heat\">", "The most frequent mistakes");
        assertThat(small.split("<td class=\"right", -1)).hasSize(10 + 1);
        String large = ReportPage.of(SampleRun.result(100, 10, LEVEL), SampleRun.facts(10))
                .html();
        assertThat(large).doesNotContain("<table class=\"heat\">").contains("The most frequent mistakes");
    }

    @Test
    void figuresAreXmlThatScalesWithThePage() throws Exception {
        Report report = ReportPage.of(SampleRun.result(10, 10, LEVEL), SampleRun.facts(10));
        assertThat(report.figures())
                .containsOnlyKeys(
                        "accuracy-by-step.svg",
                        "calibration.svg",
                        "executors.svg",
                        "fewer-blocks.svg",
                        "learning-curves.svg",
                        "memory.svg",
                        "training-times.svg");
        for (String figure : report.figures().values()) {
            Element svg = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(figure)))
                    .getDocumentElement();
            assertThat(svg.getTagName()).isEqualTo("svg");
            assertThat(svg.getAttribute("viewBox")).isEqualTo("0 0 480 330");
            assertThat(svg.hasAttribute("width")).isFalse();
            assertThat(svg.hasAttribute("height")).isFalse();
            assertThat(report.html()).contains(figure);
        }
    }

    @Test
    void theSameRunGivesTheSamePage() {
        assertThat(html(LEVEL)).isEqualTo(html(LEVEL));
    }

    @Test
    void manyBlocksAreStillDrawn() {
        Report report = ReportPage.of(SampleRun.result(100, 60, LEVEL), SampleRun.facts(60));
        assertThat(report.html()).contains("<tr><td>60</td>");
        assertThat(report.html().length()).isLessThan(1_000_000);
    }

    @Test
    void curvesOfOneEpochOfZeroLossAndOfADivergedBlockAreStillDrawn() {
        List<LearningCurve> curves = List.of(
                new LearningCurve(1, List.of(0.5)),
                new LearningCurve(2, List.of(0.0)),
                new LearningCurve(3, List.of(0.5, Double.NaN, Double.POSITIVE_INFINITY)),
                new LearningCurve(4, List.of()));
        Report report = ReportPage.of(SampleRun.result(2, 4, BETTER), factsWith(curves));
        assertThat(report.figures()).containsKey("learning-curves.svg");
        assertThat(report.figures().get("learning-curves.svg")).doesNotContain("NaN", "Infinity");
    }

    @Test
    void curvesWithNothingToDrawAreStillAReport() {
        List<LearningCurve> curves = List.of(new LearningCurve(1, List.of(Double.NaN)));
        assertThat(ReportPage.of(SampleRun.result(2, 1, BETTER), factsWith(curves))
                        .html())
                .contains("Learning curves");
    }

    @Test
    void aMachineWithoutFontsGetsTheReportWithoutFigures() {
        String noFigures = "There are no figures, because Java found no fonts";
        Report report = ReportPage.withoutFigures(SampleRun.result(10, 10, LEVEL), SampleRun.facts(10));
        assertThat(report.figures()).isEmpty();
        assertThat(report.html()).contains(noFigures, "<tr><td>10</td>").doesNotContain("<svg");
        assertThat(html(LEVEL)).doesNotContain(noFigures);
    }

    @Test
    void measuredMemoryHasATableOfItsOwn() {
        assertThat(html(LEVEL))
                .contains("<h2>Memory of training</h2>")
                .contains("<tr><td>10</td><td>90.0 MB</td><td>720.0 MB</td><td>12.5 %</td></tr>");
    }

    @Test
    void moreMeasuredMemoryHasMoreFigures() {
        RunFacts facts = SampleRun.facts(10, Requirements.NONE, SampleRun.muchMemory(10));
        assertThat(ReportPage.of(SampleRun.result(10, 10, LEVEL), facts).figures())
                .containsKeys("memory.svg", "memory-over-blocks.svg", "memory-variants.svg", "memory-over-batches.svg");
    }

    @Test
    void aRunWithoutCurvesAndTimesHasTheAccuracyAlone() {
        RunFacts facts = new RunFacts(
                "r",
                "mnist",
                Instant.EPOCH,
                1,
                "none",
                Map.of(),
                "",
                "NoProp-DT",
                "validation",
                SampleRun.training(new TrainingTimes(List.of(), Optional.empty(), Map.of()), Optional.empty()),
                List.of(),
                Requirements.NONE,
                Map.of());
        EvaluationResult result = SampleRun.result(2, 1, Optional.empty());
        Report report = ReportPage.of(result, facts);
        assertThat(report.figures()).containsOnlyKeys("accuracy-by-step.svg", "calibration.svg", "fewer-blocks.svg");
        assertThat(report.html()).contains(row("Head&#39;s training", "–")).doesNotContain("Memory of training");
        assertThat(report.html()).contains("validation split, which nothing was trained on.");
    }

    private static RunFacts factsWith(List<LearningCurve> curves) {
        RunFacts sample = SampleRun.facts(1);
        return new RunFacts(
                sample.runId(),
                sample.dataset(),
                sample.started(),
                sample.seed(),
                sample.dataFingerprint(),
                sample.environment(),
                sample.configuration(),
                sample.method(),
                sample.split(),
                SampleRun.training(
                        new TrainingTimes(List.of(Duration.ofSeconds(1)), Optional.empty(), Map.of()),
                        Optional.empty()),
                curves,
                Requirements.NONE,
                Map.of());
    }

    private static String row(String name, String value) {
        return "<tr><th class=\"text\" scope=\"row\">" + name + "</th><td class=\"text value\">" + value + "</td></tr>";
    }

    private static String html(Optional<Accuracy> baseline) {
        return ReportPage.of(SampleRun.result(10, 10, baseline), SampleRun.facts(10))
                .html();
    }
}
