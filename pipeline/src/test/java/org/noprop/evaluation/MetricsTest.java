package org.noprop.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.noprop.data.BaselineKind;
import org.noprop.label.ClosestLabels;

class MetricsTest {
    private static final ObjectiveTerms OBJECTIVE = new ObjectiveTerms(0.5, 0.25, 2);

    private static final Requirements BOUNDS =
            new Requirements(OptionalDouble.of(80), OptionalDouble.of(2), OptionalDouble.empty());

    private static final Accuracy TWO_RUNS = new Accuracy(List.of(0.5, 1.0));
    private static final Accuracy ONE_RUN = new Accuracy(List.of(0.75));

    private static final List<BaselineFigures> BASELINES = List.of(
            new BaselineFigures(BaselineKind.BLOCKS, new Accuracy(List.of(0.5)), new Calibration(List.of())),
            new BaselineFigures(BaselineKind.MLP, ONE_RUN, new Calibration(List.of())));

    private static final Optional<LearningProgress> LEARNING = Optional.of(new LearningProgress(
            OptionalDouble.of(0.5),
            0.01,
            2,
            new Progress(List.of(2, 4), List.of(0.25, 0.75), List.of(1.0, 2.0)),
            new Progress(List.of(2, 4), List.of(0.25, 0.75), List.of(1.5, 3.0)),
            new TreeMap<>(Map.of(BaselineKind.BLOCKS, new Progress(List.of(1), List.of(0.25), List.of(9.0))))));

    @Test
    void everythingIsWrittenUnderTheNamesOfTheSchema() throws Exception {
        JsonNode json = new ObjectMapper()
                .readTree(FigureJson.text(Metrics.of(result(true), facts(times(), Optional.empty()), BOUNDS)));
        assertThat(json)
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                {
                  "schema": 3,
                  "test-rows": 4,
                  "classes": ["cat", "dog"],
                  "noprop": {"mean": 0.75, "standard-error": 0.25, "runs": [0.5, 1.0]},
                  "noprop-averaged": {"mean": 0.75, "runs": [0.75]},
                  "noprop-without-noise": {"mean": 0.75, "runs": [0.75]},
                  "steps": ["1", "2"],
                  "chain-by-step": [{"mean": 0.75, "runs": [0.75]},
                                    {"mean": 0.75, "standard-error": 0.25, "runs": [0.5, 1.0]}],
                  "blocks-alone": [{"mean": 0.75, "standard-error": 0.25, "runs": [0.5, 1.0]},
                                   {"mean": 0.75, "runs": [0.75]}],
                  "baseline": {"mean": 0.75, "runs": [0.75]},
                  "baselines": {
                    "blocks": {"accuracy": {"mean": 0.5, "runs": [0.5]},
                               "calibration": {"expected-error": 0.0, "bins": []},
                               "training-seconds": 9.0, "training-memory": 5000},
                    "mlp": {"accuracy": {"mean": 0.75, "runs": [0.75]},
                            "calibration": {"expected-error": 0.0, "bins": []}, "training-seconds": 4.0}},
                  "comparison": {"difference-points": 25.0, "margin-points": 1.0, "passed": true,
                    "verdict": "NoProp 75.00 %, baseline 50.00 %: NoProp is 25.00 points above the baseline"},
                  "confusion": [[2, 0], [1, 1]],
                  "fewer-blocks": [{"blocks": 1, "accuracy": 0.5}, {"blocks": 2, "accuracy": 0.75}],
                  "calibration": {
                    "noprop-averaged": {"expected-error": 0.125, "bins": [
                      {"from": 0.5, "to": 0.6, "rows": 2, "confidence": 0.5, "accuracy": 0.5},
                      {"from": 0.7, "to": 0.8, "rows": 2, "confidence": 0.75, "accuracy": 1.0}]}},
                  "paths": {"moments": ["0", "1", "2"], "images": [
                    {"row": 3, "label": 1, "prediction": 0, "distances": [[2.0, 2.5], [1.0, 1.5], [0.0, 1.0]]}]},
                  "objective": {"head-cross-entropy": 0.5, "kl-to-prior": 0.25, "denoising": 2.0, "total": 2.75},
                  "training-seconds": {"blocks": [1.5, 2.25], "blocks-sum": 3.75, "slowest-block": 2.25,
                                       "head": 0.125, "baseline": 9.0},
                  "learning": {"target-accuracy": 0.5, "slots": 2,
                    "noprop-with-a-worker-a-block": {"epochs": [2, 4], "accuracy": [0.25, 0.75], "seconds": [1.0, 2.0],
                                                     "seconds-to-target": 2.0},
                    "noprop-on-slots": {"epochs": [2, 4], "accuracy": [0.25, 0.75], "seconds": [1.5, 3.0],
                                        "seconds-to-target": 3.0},
                    "baseline": {"epochs": [1], "accuracy": [0.25], "seconds": [9.0]}},
                  "exchange": {"bytes": 4096, "rounds": 3},
                  "closest-label-embeddings": {"classes": ["cat", "dog"], "distance": 1.25},
                  "training-memory": {"block": 1000},
                  "requirements": {"accuracy": 80.0, "baseline-distance": 2.0, "met": false,
                    "missed": ["accuracy is 75.00 % where at least 80 % is required"]}
                }
                """));
    }

    @Test
    void measuredMemoryStandsThereAsMeasureWroteIt() throws Exception {
        SubjectMemory subject = SubjectMemory.of(3, 1, 2, Map.of("weights", 2L));
        MemoryComparison memory = new MemoryComparison(128, 4, List.of(new MemoryPair(10, subject, subject)));
        ObjectMapper mapper = new ObjectMapper();
        assertThat(mapper.readTree(
                                FigureJson.text(Metrics.of(result(true), facts(times(), Optional.of(memory)), BOUNDS)))
                        .get("memory"))
                .isEqualTo(mapper.readTree(FigureJson.text(memory)));
    }

    @Test
    void whatDoesNotExistIsLeftOut() throws Exception {
        TrainingTimes times = new TrainingTimes(List.of(), Optional.empty(), Map.of());
        JsonNode json = new ObjectMapper()
                .readTree(FigureJson.text(Metrics.of(result(false), facts(times, Optional.empty()), BOUNDS)));
        assertThat(json.has("baseline")).isFalse();
        assertThat(json.has("comparison")).isFalse();
        assertThat(json.has("memory")).isFalse();
        assertThat(json.has("baselines")).isFalse();
        assertThat(json.get("training-seconds").has("head")).isFalse();
        assertThat(json.get("training-seconds").has("baseline")).isFalse();
    }

    private static TrainingFacts facts(TrainingTimes times, Optional<MemoryComparison> memory) {
        SharedFigures shared = new SharedFigures(4096, 3, Optional.of(new ClosestLabels(0, 1, 1.25)));
        return new TrainingFacts(
                OBJECTIVE,
                times,
                shared,
                OptionalLong.of(1000),
                Map.of(BaselineKind.BLOCKS, 5000L),
                LEARNING,
                memory,
                Optional.empty());
    }

    static EvaluationResult result(boolean withBaseline) {
        return result(Optional.of(new Comparison(0.75, 0.5, 1)).filter(comparison -> withBaseline));
    }

    static EvaluationResult result(Comparison comparison) {
        return result(Optional.of(comparison));
    }

    private static EvaluationResult result(Optional<Comparison> comparison) {
        return new EvaluationResult(
                List.of("cat", "dog"),
                4,
                TWO_RUNS,
                ONE_RUN,
                ONE_RUN,
                List.of("1", "2"),
                List.of(ONE_RUN, TWO_RUNS),
                List.of(TWO_RUNS, ONE_RUN),
                new ConfusionMatrix(new int[][] {{2, 0}, {1, 1}}),
                comparison.isEmpty() ? List.of() : BASELINES,
                comparison,
                new Evidence(
                        List.of(new Evidence.BlocksUsed(1, 0.5), new Evidence.BlocksUsed(2, 0.75)),
                        new Calibration(List.of(
                                new Calibration.Bin(0.5, 0.6, 2, 0.5, 0.5), new Calibration.Bin(0.7, 0.8, 2, 0.75, 1))),
                        List.of("0", "1", "2"),
                        List.of(new ImagePath(
                                3, 1, 0, List.of(new float[] {2, 2.5f}, new float[] {1, 1.5f}, new float[] {0, 1})))));
    }

    private static TrainingTimes times() {
        return new TrainingTimes(
                List.of(Duration.ofMillis(1500), Duration.ofMillis(2250)),
                Optional.of(Duration.ofMillis(125)),
                Map.of(BaselineKind.BLOCKS, Duration.ofSeconds(9), BaselineKind.MLP, Duration.ofSeconds(4)));
    }
}
