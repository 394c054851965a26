package org.noprop.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.noprop.data.BaselineKind;
import org.noprop.inference.ChainRun;
import org.noprop.inference.ChainTrace;
import org.noprop.inference.ClassProbabilities;
import org.noprop.inference.FewerBlocks;
import org.noprop.inference.LabelPaths;

class EvaluationTest {
    private static final List<String> NAMES = List.of("cat", "dog", "owl");
    private static final int[] LABELS = {0, 1, 2, 2};

    @Test
    void accuracyIsTheMeanOverRunsWithItsStandardError() {
        Accuracy accuracy = Accuracy.of(List.of(new int[] {0, 1, 2, 2}, new int[] {0, 1, 0, 0}), LABELS);
        assertThat(accuracy.runs()).containsExactly(1.0, 0.5);
        assertThat(accuracy.mean()).isEqualTo(0.75);
        // s² = (0.25² + 0.25²)/(2-1), standard error = √(s²/2)
        assertThat(accuracy.standardError()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void oneRunHasNoStandardError() {
        assertThat(Accuracy.of(new int[] {0, 1, 2, 0}, LABELS).standardError()).isNaN();
    }

    @Test
    void predictionsWithoutLabelsAreRefused() {
        assertThatThrownBy(() -> Accuracy.of(new int[] {0}, LABELS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Accuracy needs a label for each row, got 1 rows and 4 labels");
        assertThatThrownBy(() -> Accuracy.of(new int[0], new int[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Accuracy needs a label for each row, got 0 rows and 0 labels");
        assertThatThrownBy(() -> new Accuracy(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("An accuracy needs at least one run");
    }

    @Test
    void rowsOfAConfusionMatrixAreTrueClasses() {
        ConfusionMatrix confusion = ConfusionMatrix.of(3, new int[] {0, 0, 2, 1}, LABELS);
        assertThat(confusion.counts()).isDeepEqualTo(new int[][] {{1, 0, 0}, {1, 0, 0}, {0, 1, 1}});
        assertThat(confusion.rows(2)).isEqualTo(2);
    }

    @Test
    void aTraceIsCountedRunByRunStepByStepAndBlockByBlock() {
        EvaluationResult result = new Evaluation(NAMES, LABELS).of(trace());
        assertThat(result.testRows()).isEqualTo(4);
        assertThat(result.noprop().runs()).containsExactly(1.0, 0.5);
        assertThat(result.withoutNoise().runs()).containsExactly(0.75);
        assertThat(result.chainByStep().get(0).runs()).containsExactly(0.25, 0.5);
        assertThat(result.chainByStep().get(1).runs()).containsExactly(1.0, 0.75);
        assertThat(result.blocksAlone().get(0).runs()).containsExactly(0.25, 0.25);
        assertThat(result.blocksAlone().get(1).runs()).containsExactly(0.0, 0.25);
        assertThat(result.evidence().fewerBlocks())
                .containsExactly(new Evidence.BlocksUsed(1, 0.25), new Evidence.BlocksUsed(2, 1));
        assertThat(result.baseline()).isEmpty();
        assertThat(result.comparison()).isEmpty();
    }

    @Test
    void theAveragedPredictionIsThatOfTheMeanProbabilityNotAVote() {
        EvaluationResult result = new Evaluation(NAMES, LABELS).of(trace());
        // Run 2 is surer of its wrong class for row 2 than run 1 of the right one, for row 3 less sure.
        assertThat(result.averaged().runs()).containsExactly(0.75);
        assertThat(result.confusion().counts()).isDeepEqualTo(new int[][] {{1, 0, 0}, {0, 1, 0}, {1, 0, 1}});
    }

    @Test
    void theBaselineIsComparedByItsMeanOverRuns() {
        EvaluationResult result = new Evaluation(NAMES, LABELS)
                .of(
                        trace(),
                        baselines(
                                List.of(
                                        certain(new int[] {0, 1, 2, 2}),
                                        certain(new int[] {0, 1, 2, 0}),
                                        certain(new int[] {0, 1, 0, 0})),
                                List.of()),
                        1);
        assertThat(result.baseline().orElseThrow().accuracy().runs()).containsExactly(1.0, 0.75, 0.5);
        assertThat(result.comparison()).contains(new Comparison(0.75, 0.75, 1));
    }

    @Test
    void theComparisonIsWithTheBetterOfTwoBaselines() {
        List<ClassProbabilities> half = List.of(certain(new int[] {0, 1, 0, 0}));
        List<ClassProbabilities> perfect = List.of(certain(LABELS));
        Evaluation evaluation = new Evaluation(NAMES, LABELS);
        EvaluationResult plainIsBetter = evaluation.of(trace(), baselines(half, perfect), 1);
        assertThat(plainIsBetter.baselines())
                .extracting(
                        baseline -> baseline.kind() + " " + baseline.accuracy().mean())
                .containsExactly("BLOCKS 0.5", "MLP 1.0");
        assertThat(plainIsBetter.comparison().orElseThrow().verdict())
                .isEqualTo("NoProp 75.00 %, baseline 100.00 % (a plain MLP of a block's width, the better of 2): NoProp"
                        + " is 25.00 points below, beyond the margin of 1 point");
        EvaluationResult blocksAreBetter = evaluation.of(trace(), baselines(perfect, half), 1);
        assertThat(blocksAreBetter.baseline().orElseThrow().kind()).isEqualTo(BaselineKind.BLOCKS);
        assertThat(blocksAreBetter.comparison())
                .contains(new Comparison(0.75, 1, 1, "the same blocks, back-propagated end to end, the better of 2"));
    }

    private static SortedMap<BaselineKind, List<ClassProbabilities>> baselines(
            List<ClassProbabilities> blocks, List<ClassProbabilities> plain) {
        SortedMap<BaselineKind, List<ClassProbabilities>> baselines =
                new TreeMap<>(Map.of(BaselineKind.BLOCKS, blocks));
        if (!plain.isEmpty()) {
            baselines.put(BaselineKind.MLP, plain);
        }
        return baselines;
    }

    @Test
    void aBinIsTheRowsThatWereGivenAClassWithAboutThatProbability() {
        ClassProbabilities said =
                new ClassProbabilities(4, 3, new float[] {.8f, .1f, .1f, .15f, .84f, .01f, .5f, .3f, .2f, 0, 0, 1});
        Calibration calibration = Calibration.of(said, LABELS);
        assertThat(calibration.bins()).extracting(Calibration.Bin::rows).containsExactly(1, 2, 1);
        Calibration.Bin eight = calibration.bins().get(1);
        assertThat(eight.from()).isEqualTo(0.8);
        assertThat(eight.to()).isEqualTo(0.9);
        assertThat(eight.rows()).isEqualTo(2);
        assertThat(eight.confidence()).isCloseTo(0.82, within(1e-6));
        assertThat(eight.accuracy()).isEqualTo(1);
        assertThat(calibration.bins().get(0).accuracy()).isZero();
        assertThat(calibration.bins().get(2).to()).isEqualTo(1);
        // (2·|1 - .82| + 1·|0 - .5| + 1·|1 - 1|) / 4
        assertThat(calibration.expectedError()).isCloseTo(0.215, within(1e-6));
    }

    @Test
    void pathsAreShownOfTheFirstThatCameOutRightAndTheFirstThatCameOutWrong() {
        List<ImagePath> right =
                new Evaluation(NAMES, LABELS).of(trace()).evidence().paths();
        assertThat(right).extracting(ImagePath::row).containsExactly(0, 1, 2);
        assertThat(right.get(1).distances().get(1)).containsExactly(12, 13, 14);
        List<ImagePath> mixed = new Evaluation(NAMES, new int[] {0, 0, 1, 1})
                .of(trace())
                .evidence()
                .paths();
        // Row 1 is of class 0 and was taken for 1, row 2 of class 1 for 2.
        assertThat(mixed).extracting(ImagePath::row).containsExactly(0, 1, 2);
        assertThat(mixed).extracting(ImagePath::label).containsExactly(0, 0, 1);
        assertThat(mixed).extracting(ImagePath::prediction).containsExactly(0, 1, 2);
    }

    @Test
    void aLabelWithoutAClassIsRefused() {
        assertThatThrownBy(() -> new Evaluation(NAMES, new int[] {0, 3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Label 3 of test row 1 is not one of the classes 0 … 2");
    }

    /** A perfect predictor scores at chance when the test labels are permuted: nothing else is counted. */
    @Test
    void permutedTestLabelsScoreAtChance() {
        Random random = new Random(3);
        int rows = 9000;
        int[] labels = random.ints(rows, 0, 3).toArray();
        int[] permuted = random.ints(rows, 0, rows).map(row -> labels[row]).toArray();
        ClassProbabilities perfect = certain(labels);
        ChainTrace trace = new ChainTrace(
                List.of("1"),
                List.of(new ChainRun(perfect, List.of(labels))),
                new ChainRun(perfect, List.of(labels)),
                List.of(List.of(labels)),
                List.of(new FewerBlocks(1, labels)),
                new LabelPaths(List.of("0"), 0, 3, List.of(new float[0])));
        assertThat(new Evaluation(NAMES, labels).of(trace).noprop().mean()).isEqualTo(1);
        EvaluationResult result = new Evaluation(NAMES, permuted).of(trace, baselines(List.of(perfect), List.of()), 1);
        double tolerance = 4 * Math.sqrt(2 / 9.0 / rows);
        assertThat(List.of(
                        result.noprop(),
                        result.averaged(),
                        result.withoutNoise(),
                        result.chainByStep().get(0),
                        result.blocksAlone().get(0),
                        result.baseline().orElseThrow().accuracy()))
                .allSatisfy(accuracy -> assertThat(accuracy.mean()).isCloseTo(1 / 3.0, within(tolerance)));
    }

    private static ChainTrace trace() {
        ClassProbabilities first =
                new ClassProbabilities(4, 3, new float[] {1, 0, 0, 0, 1, 0, .3f, .2f, .5f, .1f, .1f, .8f});
        ClassProbabilities second =
                new ClassProbabilities(4, 3, new float[] {1, 0, 0, 0, 1, 0, .9f, .1f, 0, .4f, .3f, .3f});
        return new ChainTrace(
                List.of("1", "2"),
                List.of(
                        new ChainRun(first, List.of(new int[] {0, 0, 0, 0}, new int[] {0, 1, 2, 2})),
                        new ChainRun(second, List.of(new int[] {0, 1, 0, 0}, new int[] {0, 1, 2, 0}))),
                new ChainRun(certain(new int[] {0, 1, 2, 0}), List.of(new int[] {0, 0, 0, 0}, new int[] {0, 1, 2, 0})),
                List.of(
                        List.of(new int[] {0, 0, 0, 0}, new int[] {1, 1, 1, 1}),
                        List.of(new int[] {1, 2, 0, 0}, new int[] {1, 1, 0, 0})),
                List.of(new FewerBlocks(1, new int[] {0, 0, 0, 0}), new FewerBlocks(2, new int[] {0, 1, 2, 2})),
                new LabelPaths(
                        List.of("0", "1", "2"),
                        3,
                        3,
                        List.of(
                                new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8},
                                new float[] {9, 10, 11, 12, 13, 14, 15, 16, 17},
                                new float[9])));
    }

    private static ClassProbabilities certain(int[] predictions) {
        float[] values = new float[predictions.length * 3];
        for (int row = 0; row < predictions.length; row++) {
            values[row * 3 + predictions[row]] = 1;
        }
        return new ClassProbabilities(predictions.length, 3, values);
    }
}
