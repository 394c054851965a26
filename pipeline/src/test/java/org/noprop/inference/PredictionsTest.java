package org.noprop.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsTest {

    @Test
    void agreementIsTheShareOfRunsThatSayWhatTheirMeanSays() {
        Predictions predictions = Predictions.of(List.of(
                new ClassProbabilities(2, 2, new float[] {0.9f, 0.1f, 0.2f, 0.8f}),
                new ClassProbabilities(2, 2, new float[] {0.4f, 0.6f, 0.3f, 0.7f}),
                new ClassProbabilities(2, 2, new float[] {0.8f, 0.2f, 0.1f, 0.9f}),
                new ClassProbabilities(2, 2, new float[] {0.7f, 0.3f, 0.4f, 0.6f})));

        assertThat(predictions.classes()).containsExactly(0, 1);
        assertThat(predictions.agreement()).containsExactly(0.75f, 1);
        assertThat(predictions.row(1)).containsExactly(0.25f, 0.75f);
    }
}
