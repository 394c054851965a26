package org.noprop.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ContinuousScheduleTest {
    private static final double STEP = 1e-6;

    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    void theEndsAreGammaOneAndGammaNought() {
        for (ContinuousSchedule schedule : List.of(
                new ContinuousSchedule.Linear(-7, 5),
                new ContinuousSchedule.Cosine(-7, 5),
                MonotoneGamma.initial(-7, 5))) {
            assertThat(schedule.gamma(0)).isCloseTo(5, within(1e-9));
            assertThat(schedule.gamma(1)).isCloseTo(-7, within(1e-9));
            assertThat(schedule.alphaBar(0)).isCloseTo(1 / (1 + Math.exp(5)), within(1e-9));
            assertThat(schedule.snr(1)).isCloseTo(Math.exp(7), within(1e-6));
        }
    }

    @Test
    void slopesAreThoseOfFiniteDifferences() {
        for (int trial = 0; trial < 20; trial++) {
            checkSlopes(randomSchedule());
        }
        checkSlopes(new ContinuousSchedule.Linear(-3, 4));
        checkSlopes(new ContinuousSchedule.Cosine(-3, 4));
        checkSlopes(MonotoneGamma.initial(-7, 7));
    }

    @Test
    void gammaFallsWhateverTheParametersAre() {
        for (int trial = 0; trial < 50; trial++) {
            MonotoneGamma schedule = randomSchedule();
            double before = schedule.gamma(0);
            for (int i = 1; i <= 100; i++) {
                double gamma = schedule.gamma(i / 100.0);
                assertThat(gamma).isLessThan(before);
                before = gamma;
            }
            assertThat(schedule.gamma(0)).isGreaterThan(schedule.gamma(1));
        }
    }

    @Test
    void theTrainedScheduleStartsNearlyStraight() {
        MonotoneGamma start = MonotoneGamma.initial(-7, 7);
        ContinuousSchedule.Linear line = new ContinuousSchedule.Linear(-7, 7);
        for (int i = 0; i <= 20; i++) {
            assertThat(start.gamma(i / 20.0)).isCloseTo(line.gamma(i / 20.0), within(.05));
            assertThat(start.gammaSlope(i / 20.0)).isCloseTo(-14, within(.5));
        }
    }

    @Test
    void theGradientOfTheTrainedScheduleIsThatOfFiniteDifferences() {
        for (double t : new double[] {0, .3, .77, 1}) {
            double[] parameters = randomSchedule().parameters();
            double[] gradient = new double[parameters.length];
            new MonotoneGamma(parameters).addGradient(t, .7, -.4, gradient);
            for (int i = 0; i < gradient.length; i++) {
                double above = combined(parameters, i, STEP, t);
                double below = combined(parameters, i, -STEP, t);
                assertThat(gradient[i])
                        .as("parameter %d at %s", i, t)
                        .isCloseTo((above - below) / (2 * STEP), within(1e-7));
            }
        }
    }

    @Test
    void theCosineScheduleIsTheSquareOfACosineInTime() {
        ContinuousSchedule.Cosine schedule = new ContinuousSchedule.Cosine(-6, 6);
        double start = Math.acos(Math.sqrt(schedule.alphaBar(0)));
        double end = Math.acos(Math.sqrt(schedule.alphaBar(1)));
        double middle = Math.acos(Math.sqrt(schedule.alphaBar(.25)));
        assertThat(middle).isCloseTo(start + (end - start) / 4, within(1e-9));
    }

    @Test
    void aScheduleThatDoesNotFallIsRefused() {
        for (Runnable schedule : List.<Runnable>of(
                () -> new ContinuousSchedule.Linear(2, 2),
                () -> new ContinuousSchedule.Cosine(2, 2),
                () -> MonotoneGamma.initial(2, 2))) {
            assertThatThrownBy(schedule::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("γ must fall from γ1 to γ0, got γ0 = 2.0 and γ1 = 2.0");
        }
        assertThatThrownBy(() -> new MonotoneGamma(1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A trainable schedule has 98 parameters, not 2");
    }

    private static double combined(double[] parameters, int changed, double by, double t) {
        double[] others = parameters.clone();
        others[changed] += by;
        MonotoneGamma schedule = new MonotoneGamma(others);
        return .7 * schedule.gamma(t) - .4 * schedule.gammaSlope(t);
    }

    private static void checkSlopes(ContinuousSchedule schedule) {
        for (int i = 1; i < 20; i++) {
            double t = i / 20.0;
            checkSlope(schedule.gammaSlope(t), schedule::gamma, t);
            checkSlope(schedule.snrSlope(t), schedule::snr, t);
        }
    }

    private static void checkSlope(double slope, DoubleUnaryOperator function, double t) {
        double difference = (function.applyAsDouble(t + STEP) - function.applyAsDouble(t - STEP)) / (2 * STEP);
        assertThat(slope).isCloseTo(difference, within(1e-5 * Math.max(1, Math.abs(difference))));
    }

    private MonotoneGamma randomSchedule() {
        double[] parameters = new double[MonotoneGamma.PARAMETERS];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = random.nextGaussian();
        }
        return new MonotoneGamma(parameters);
    }
}
