package org.noprop.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NoiseScheduleTest {
    private static final NoiseSchedule TEN = NoiseSchedule.cosine(10);

    static Stream<NoiseSchedule> schedules() {
        return RandomSchedules.some();
    }

    /** ᾱ, a, b and c of the cosine schedule of 10 steps, computed apart from this code, to 6 decimals. */
    @ParameterizedTest
    @CsvSource({
        "1, .024092, .155152, .019883, .975513, .024676",
        "2, .094046, .233740, .469853, .690511, .079122",
        "3, .203121, .267143, .598518, .472344, .151088",
        "4, .340810, .295971, .638617, .334198, .262116",
        "5, .493844, .330356, .637874, .237943, .458661",
        "6, .647478, .377217, .608252, .165259, .861030",
        "7, .786911, .445877, .548310, .107106, 1.856160",
        "8, .898706, .553418, .444811, .059133, 5.179381",
        "9, .972093, .734819, .264904, .020799, 25.960721",
        "10, .99999, .999647, .000353, .000010, 99964."
    })
    void theCosineScheduleOfTenStepsHasTheGoldenCoefficients(
            int t, double alphaBar, double a, double b, double c, double snrGain) {
        NoiseSchedule.Coefficients coefficients = TEN.coefficients(t);
        assertThat(TEN.alphaBar(t)).isCloseTo(alphaBar, within(5e-7));
        assertThat(coefficients.a()).isCloseTo(a, within(5e-7));
        assertThat(coefficients.b()).isCloseTo(b, within(5e-7));
        assertThat(coefficients.c()).isCloseTo(c, within(5e-7));
        assertThat(TEN.snrGain(t)).isCloseTo(snrGain, within(t == 10 ? 0.5 : 5e-7));
    }

    @Test
    void stepZeroIsPureNoiseAndTheLastStepNearlyClean() {
        assertThat(TEN.alphaBar(0)).isEqualTo(1e-5);
        assertThat(TEN.alphaBar(10)).isEqualTo(1 - 1e-5);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void aSquaredOverCIsTheSnrGain(NoiseSchedule schedule) {
        eachStep(schedule).forEach(t -> {
            NoiseSchedule.Coefficients k = schedule.coefficients(t);
            assertThat(k.a() * k.a() / k.c()).isCloseTo(schedule.snrGain(t), Percentage.withPercentage(1e-6));
        });
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void aStepKeepsTheMeanOnTheSchedule(NoiseSchedule schedule) {
        eachStep(schedule).forEach(t -> {
            NoiseSchedule.Coefficients k = schedule.coefficients(t);
            assertThat(k.a() + k.b() * Math.sqrt(schedule.alphaBar(t - 1)))
                    .isCloseTo(Math.sqrt(schedule.alphaBar(t)), within(1e-12));
        });
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void aStepKeepsTheVarianceOnTheSchedule(NoiseSchedule schedule) {
        eachStep(schedule).forEach(t -> {
            NoiseSchedule.Coefficients k = schedule.coefficients(t);
            assertThat(k.b() * k.b() * (1 - schedule.alphaBar(t - 1)) + k.c())
                    .isCloseTo(1 - schedule.alphaBar(t), within(1e-12));
        });
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void alphaBarIsTheProductOfTheAlphasFromItsStepToTheLast(NoiseSchedule schedule) {
        double product = 1;
        for (int t = schedule.steps(); t >= 0; t--) {
            product *= schedule.alpha(t);
            assertThat(schedule.alphaBar(t)).isCloseTo(product, Percentage.withPercentage(1e-9));
        }
    }

    /** The mistake: DDPM's direction of t, which makes the weights negative and the last block a plain network. */
    @ParameterizedTest
    @MethodSource("schedules")
    void theScheduleIsNotReversed(NoiseSchedule schedule) {
        eachStep(schedule).forEach(t -> {
            assertThat(schedule.snr(t)).isGreaterThan(schedule.snr(t - 1));
            assertThat(schedule.snrGain(t)).isPositive();
        });
    }

    @Test
    void aReversedScheduleIsRefused() {
        assertThatThrownBy(() -> NoiseSchedule.of(0.9, 0.5, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ᾱ must grow with t: ᾱ_0 = 0.9, ᾱ_1 = 0.5");
    }

    /**
     * The mistake: a, b and c of step t taken with α_t or ᾱ_{t+1}. Each is compared with the mean and
     * variance of q(z_t | z_{t-1}, u), found from the joint normal distribution of z_{t-1} and z_t by
     * conditioning, without the formulas of Equation 3.
     */
    @ParameterizedTest
    @MethodSource("schedules")
    void coefficientsAreNotOffByOneStep(NoiseSchedule schedule) {
        eachStep(schedule).forEach(t -> {
            double before = schedule.alphaBar(t - 1);
            double after = schedule.alphaBar(t);
            double covariance = Math.sqrt(before / after) * (1 - after);
            double slope = covariance / (1 - before);
            NoiseSchedule.Coefficients k = schedule.coefficients(t);
            assertThat(k.b()).isCloseTo(slope, within(1e-12));
            assertThat(k.a()).isCloseTo(Math.sqrt(after) - slope * Math.sqrt(before), within(1e-9));
            assertThat(k.c()).isCloseTo(1 - after - slope * covariance, within(1e-9));
        });
    }

    @Test
    void theLongestCosineScheduleStillGrows() {
        assertThat(NoiseSchedule.cosine(NoiseSchedule.MOST_COSINE_STEPS).steps())
                .isEqualTo(492);
    }

    @ParameterizedTest
    @CsvSource({"0", "493"})
    void aCosineScheduleOfAnotherLengthIsRefused(int steps) {
        assertThatThrownBy(() -> NoiseSchedule.cosine(steps))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A cosine schedule has 1 … 492 steps, not " + steps);
    }

    @Test
    void valuesOutsideZeroAndOneAreRefused() {
        assertThatThrownBy(() -> NoiseSchedule.of(0.5, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ᾱ_1 must be in (0, 1), got 1.0");
        assertThatThrownBy(() -> NoiseSchedule.of(Double.NaN, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ᾱ_0 must be in (0, 1), got NaN");
        assertThatThrownBy(() -> NoiseSchedule.of(0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A noise schedule needs at least two values, got 1");
    }

    @Test
    void stepsOutsideTheScheduleAreRefused() {
        assertThatThrownBy(() -> TEN.coefficients(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Step 0 is outside 1 … 10");
        assertThatThrownBy(() -> TEN.alphaBar(11))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Step 11 is outside 0 … 10");
    }

    @Test
    void aScheduleDoesNotFollowTheArrayThatItWasMadeFrom() {
        double[] alphaBars = {0.1, 0.2};
        NoiseSchedule schedule = NoiseSchedule.of(alphaBars);
        alphaBars[1] = 0.9;
        assertThat(schedule).isEqualTo(NoiseSchedule.of(0.1, 0.2)).hasToString("NoiseSchedule[0.1, 0.2]");
    }

    private static IntStream eachStep(NoiseSchedule schedule) {
        return IntStream.rangeClosed(1, schedule.steps());
    }
}
