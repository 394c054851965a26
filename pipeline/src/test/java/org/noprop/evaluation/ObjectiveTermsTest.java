package org.noprop.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.OneHotEmbedding;

class ObjectiveTermsTest {
    /** SNR = 1/9, 1, 9: gains of 8/9 and 8. */
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.of(0.1, 0.5, 0.9);

    @Test
    void theDenoisingTermIsTheMeanOverStepsOfTheWeightedSquaredErrors() {
        ObjectiveTerms terms = ObjectiveTerms.of(
                SCHEDULE, new OneHotEmbedding(3), 0.1, Double.POSITIVE_INFINITY, 0.7, List.of(2.0, 0.5));
        // T/2 η E_t[gain ‖û - u‖²] = 1 · 0.1 · (8/9 · 2 + 8 · 0.5)/2
        assertThat(terms.denoising()).isCloseTo(0.1 * (16 / 9.0 + 4) / 2, within(1e-12));
        assertThat(terms.headCrossEntropy()).isEqualTo(0.7);
        // ½ [0.1 · 1 - 3 · 0.1 - 3 log 0.9]
        assertThat(terms.klToPrior()).isCloseTo((-0.2 - 3 * Math.log(0.9)) / 2, within(1e-12));
        assertThat(terms.total())
                .isCloseTo(terms.denoising() + terms.headCrossEntropy() + terms.klToPrior(), within(1e-12));
    }

    @Test
    void gainsAboveTheCapCountAsTheCap() {
        ObjectiveTerms terms = ObjectiveTerms.of(SCHEDULE, new OneHotEmbedding(3), 0.1, 5, 0, List.of(2.0, 0.5));
        assertThat(terms.denoising()).isCloseTo(0.1 * (16 / 9.0 + 2.5) / 2, within(1e-12));
    }
}
