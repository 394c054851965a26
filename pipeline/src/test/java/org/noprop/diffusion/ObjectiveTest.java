package org.noprop.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectiveTest {

    @ParameterizedTest
    @CsvSource({"1e-5, 0", "1e-5, 1", "0.1, 1", "0.5, -2", "0.9, 0.3", "0.999, 4"})
    void theKlTermIsTheIntegralThatItStandsFor(double alphaBar, float u) {
        assertThat(Objective.klToPrior(alphaBar, new float[] {u}))
                .isCloseTo(klByIntegration(Math.sqrt(alphaBar) * u, 1 - alphaBar), within(1e-6));
    }

    @Test
    void theKlTermAddsUpOverComponents() {
        double sum = Objective.klToPrior(0.3, new float[] {1})
                + Objective.klToPrior(0.3, new float[] {0})
                + Objective.klToPrior(0.3, new float[] {-2});
        assertThat(Objective.klToPrior(0.3, new float[] {1, 0, -2})).isCloseTo(sum, within(1e-12));
    }

    @Test
    void theWeightOfABlockIsHalfTTimesEtaTimesItsSnrGain() {
        NoiseSchedule schedule = NoiseSchedule.cosine(10);
        double uncapped = Objective.blockWeight(schedule, 7, 0.1, Double.POSITIVE_INFINITY);
        assertThat(uncapped).isCloseTo(10 / 2.0 * 0.1 * 1.856160, within(1e-6));
    }

    @Test
    void theCapLimitsTheSnrGainBeforeTheOtherFactors() {
        NoiseSchedule schedule = NoiseSchedule.cosine(10);
        assertThat(Objective.blockWeight(schedule, 10, 0.1, 5)).isCloseTo(2.5, within(1e-12));
        assertThat(Objective.blockWeight(schedule, 1, 0.1, 5)).isCloseTo(0.5 * 0.024676, within(1e-6));
    }

    /** ∫ q log(q/p) over ten deviations of q = N(mean, variance), p = N(0, 1), by the trapezium rule. */
    private static double klByIntegration(double mean, double variance) {
        double deviation = Math.sqrt(variance);
        int cells = 20_000;
        double step = 20 * deviation / cells;
        double sum = 0;
        for (int i = 0; i <= cells; i++) {
            double x = mean - 10 * deviation + i * step;
            double logQ = -(x - mean) * (x - mean) / (2 * variance) - Math.log(2 * Math.PI * variance) / 2;
            double logP = -x * x / 2 - Math.log(2 * Math.PI) / 2;
            sum += Math.exp(logQ) * (logQ - logP) * step;
        }
        return sum;
    }
}
