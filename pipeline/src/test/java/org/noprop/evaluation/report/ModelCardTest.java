package org.noprop.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.noprop.data.BaselineKind;
import org.noprop.evaluation.Accuracy;
import org.noprop.evaluation.BaselineFigures;

class ModelCardTest {
    private static final Optional<Accuracy> BASELINE = Optional.of(new Accuracy(List.of(0.976, 0.977)));
    private static final String CARD = ModelCard.of(SampleRun.result(10, 10, BASELINE), SampleRun.facts(10), 10);

    @Test
    void theFrontMatterNamesTheTaskAndTheMeasuredAccuracy() {
        assertThat(CARD)
                .startsWith(
                        """
                        ---
                        library_name: noprop-spark
                        pipeline_tag: image-classification
                        tags:
                        - noprop
                        - image-classification
                        metrics:
                        - accuracy
                        model-index:
                        - name: "quickstart-20250101-120000"
                          results:
                          - task:
                              type: image-classification
                            dataset:
                              name: "digits"
                              type: "digits"
                              split: test
                            metrics:
                            - type: accuracy
                              value: 0.9721
                        ---
                        """);
    }

    @Test
    void theCardHasTheMeasuredFiguresAndWhereTheModelComesFrom() {
        assertThat(CARD)
                .contains("# NoProp-DT on digits\n", "An image classifier of 10 blocks and 10 classes")
                .contains("| accuracy, mean of the noisy runs | 97.21 ± 0.04 % |")
                .contains("| accuracy of the same blocks, back-propagated end to end | 97.65 ± 0.05 % |")
                .contains("| memory of training a block | 90.0 MB, the baseline's 720.0 MB |")
                .contains(
                        "- run quickstart-20250101-120000, seed 42\n", "- data fingerprint sha256:9f2b6c1d0e4a7788\n");
    }

    @Test
    void bothBaselinesHaveTheirLine() {
        String card = ModelCard.of(
                SampleRun.result(
                        10,
                        10,
                        List.of(
                                new BaselineFigures(
                                        BaselineKind.BLOCKS, new Accuracy(List.of(0.97)), SampleRun.CALIBRATION),
                                new BaselineFigures(
                                        BaselineKind.MLP, new Accuracy(List.of(0.96)), SampleRun.CALIBRATION))),
                SampleRun.facts(10),
                10);
        assertThat(card)
                .contains("| accuracy of the same blocks, back-propagated end to end | 97.00 % |")
                .contains("| accuracy of a plain MLP of a block's width | 96.00 % |")
                .contains("| training of the same blocks, back-propagated end to end | 1 min 36 s |");
    }

    @Test
    void withoutABaselineTheCardSaysNothingOfOne() {
        String card = ModelCard.of(SampleRun.result(10, 10, Optional.empty()), SampleRun.facts(10), 10);
        assertThat(card).doesNotContain("accuracy of the same blocks");
    }
}
