package org.noprop.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.noprop.data.BaselineKind;

class SeedSummaryTest {
    private static final SeedSummary THREE = new SeedSummary(
            List.of(run(1, 0.95, Optional.of(0.96)), run(2, 0.97, Optional.of(0.96)), run(3, 0.96, Optional.of(0.98))));

    @Test
    void theStandardErrorIsThatOverSeeds() {
        assertThat(THREE.noprop().mean()).isCloseTo(0.96, within(1e-12));
        // s² = (0.01² + 0.01²)/(3-1), standard error = √(s²/3)
        assertThat(THREE.noprop().standardError()).isCloseTo(Math.sqrt(1e-4 / 3), within(1e-12));
    }

    @Test
    void differencesAreTakenSeedBySeed() {
        Spread points = THREE.differencePoints(BaselineKind.BLOCKS);
        assertThat(points.values().get(0)).isCloseTo(-1, within(1e-9));
        assertThat(points.values().get(1)).isCloseTo(1, within(1e-9));
        assertThat(points.values().get(2)).isCloseTo(-2, within(1e-9));
    }

    @Test
    void theInferenceErrorIsThatOfTheMeanOfMeans() {
        // Each run's two inference runs lie 0.01 about their mean: standard error 0.01, of a mean of three 0.01/√3.
        assertThat(THREE.inferenceError()).isCloseTo(0.01 / Math.sqrt(3), within(1e-12));
    }

    @Test
    void theSentenceHasThemAll() {
        assertThat(THREE.sentence())
                .isEqualTo("3 seeds: NoProp 96.00 ± 0.58 %, without noise 96.00 ± 0.58 %, baseline 96.67 ± 0.67 %;"
                        + " NoProp is 0.67 ± 0.88 points below");
        assertThat(new SeedSummary(List.of(run(1, 0.95, Optional.empty()))).sentence())
                .isEqualTo("1 seed: NoProp 95.00 %, without noise 95.00 %; no baseline in every run to compare with");
    }

    @Test
    void whatIsRequiredIsRequiredOfTheMeans() {
        Requirements bounds = new Requirements(OptionalDouble.of(96), OptionalDouble.of(0.5), OptionalDouble.of(0.125));
        assertThat(THREE.missed(bounds))
                .containsExactly("NoProp is 0.67 points below the baseline where at most 0.5 are allowed");
        SeedSummary alone = new SeedSummary(List.of(run(1, 0.95, Optional.empty()), run(2, 0.96, Optional.empty())));
        assertThat(alone.missed(bounds))
                .containsExactly(
                        "accuracy is 95.50 % where at least 96 % is required",
                        "there is no baseline to be at most 0.5 points below (run train-baseline)");
    }

    @Test
    void twoBaselinesAreReportedApartAndTheDistanceIsThatToTheBetter() throws Exception {
        SeedSummary two = new SeedSummary(List.of(withBoth(1, 0.95, 0.96, 0.97), withBoth(2, 0.97, 0.96, 0.99)));
        assertThat(two.sentence())
                .isEqualTo(
                        "2 seeds: NoProp 96.00 ± 1.00 %, without noise 96.00 ± 1.00 %, baseline 96.00 ± 0.00 %, plain"
                                + " baseline 98.00 ± 1.00 %; NoProp is 0.00 ± 1.00 points above the baseline and 2.00 ± 0.00"
                                + " points below the plain baseline");
        JsonNode json = new ObjectMapper().readTree(two.json());
        assertThat(json.get("baseline").get("mean").asDouble()).isCloseTo(0.98, within(1e-9));
        assertThat(json.get("difference-points").get("mean").asDouble()).isCloseTo(-2, within(1e-9));
        assertThat(json.at("/baselines/blocks/accuracy/mean").asDouble()).isCloseTo(0.96, within(1e-9));
        assertThat(json.at("/baselines/mlp/difference-points/mean").asDouble()).isCloseTo(-2, within(1e-9));
        assertThat(RunTable.of(two.runs()).lines())
                .first()
                .asString()
                .matches("run +seed +NoProp +no noise +baseline +plain baseline +slowest block +all blocks"
                        + " +baseline's +plain baseline's +memory");
    }

    private static RunFigures withBoth(long seed, double accuracy, double blocks, double plain) {
        RunFigures run = run(seed, accuracy, Optional.of(blocks));
        return new RunFigures(
                run.run(),
                run.configuration(),
                seed,
                run.testRows(),
                run.noprop(),
                run.averaged(),
                run.withoutNoise(),
                Map.of(
                        BaselineKind.BLOCKS,
                        run.baselines().get(BaselineKind.BLOCKS),
                        BaselineKind.MLP,
                        new RunFigures.Baseline(new Accuracy(List.of(plain)), 1)),
                run.slowestBlock(),
                run.allBlocks(),
                run.memoryRatio());
    }

    @Test
    void theFiguresAreWrittenUnderTheNamesOfTheSchema() throws Exception {
        JsonNode json = new ObjectMapper().readTree(THREE.json());
        assertThat(json.get("runs").toString()).isEqualTo("[\"r1\",\"r2\",\"r3\"]");
        assertThat(json.get("seeds").toString()).isEqualTo("[1,2,3]");
        assertThat(json.get("noprop").get("by-seed")).hasSize(3);
        assertThat(json.get("difference-points").get("mean").asDouble()).isCloseTo(-2 / 3.0, within(1e-9));
        assertThat(json.has("noprop-inference-error")).isTrue();
    }

    @Test
    void theSameSeedTwiceIsRefused() {
        RunFigures run = run(4, 0.95, Optional.empty());
        assertThatThrownBy(() -> new SeedSummary(List.of(run, run)))
                .hasMessage("Runs with the same seed say nothing of other seeds; give each seed once (r4 has seed 4, r4"
                        + " has seed 4)");
    }

    @Test
    void aTableHasALineForEachRun() {
        assertThat(RunTable.of(THREE.runs()).lines()).hasSize(4).anySatisfy(line -> assertThat(line)
                .matches("r2 +2 +97\\.00 ± 1\\.00 % +97\\.00 % +96\\.00 % +2\\.0 s +5\\.0 s +3\\.0 s +0\\.125"));
    }

    static RunFigures run(long seed, double accuracy, Optional<Double> baseline) {
        return new RunFigures(
                "r" + seed,
                "c",
                seed,
                100,
                new Accuracy(List.of(accuracy - 0.01, accuracy + 0.01)),
                new Accuracy(List.of(accuracy)),
                new Accuracy(List.of(accuracy)),
                baseline.map(value ->
                                Map.of(BaselineKind.BLOCKS, new RunFigures.Baseline(new Accuracy(List.of(value)), 3)))
                        .orElse(Map.of()),
                2,
                5,
                OptionalDouble.of(0.125));
    }
}
