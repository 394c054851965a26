package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimiserTest {
    private static final double RATE = 1e-2;
    private static final double DECAY = .1;

    @Test
    void aHundredStepsAreThoseOfTheFormulaInDoublePrecision() {
        for (int length : new int[] {1, 1023, 1024, 1025, 5000}) {
            checkAgainstOracle(length, new SplittableRandom(length));
        }
    }

    @Test
    void adamAddsTheDecayToTheGradient() {
        Optimiser optimiser = new Optimiser(OptimiserSettings.adam(RATE, DECAY), 1);
        double weight = 2;
        double first = 0;
        double second = 0;
        try (FloatPointer weights = new FloatPointer(2f);
                FloatPointer gradients = new FloatPointer(1)) {
            for (int step = 1; step <= 50; step++) {
                float gradient = (float) Math.sin(step);
                double decayed = gradient + DECAY * weight;
                first = .9 * first + .1 * decayed;
                second = .999 * second + .001 * decayed * decayed;
                double deviation = Math.sqrt(second / (1 - Math.pow(.999, step)));
                weight -= RATE * first / (1 - Math.pow(.9, step)) / (deviation + 1e-8);
                optimiser.step(weights, gradients.put(gradient));
            }
            assertThat((double) weights.get()).isCloseTo(weight, within(1e-5));
        }
    }

    @Test
    void plainGradientDescentHasNoMoments() {
        Optimiser optimiser = new Optimiser(OptimiserSettings.sgd(RATE, DECAY), 2);
        try (FloatPointer weights = new FloatPointer(1f, 2f);
                FloatPointer gradients = new FloatPointer(3f, -4f)) {
            optimiser.step(weights, gradients);
            assertThat(weights.get(0)).isCloseTo((float) (1 - RATE * (3 + DECAY)), within(1e-6f));
            assertThat(weights.get(1)).isCloseTo((float) (2 - RATE * (-4 + 2 * DECAY)), within(1e-6f));
            assertThat(optimiser.first()).containsOnly(0);
            assertThat(optimiser.steps()).isEqualTo(1);
        }
    }

    @Test
    void aWeightWithoutGradientOnlyDecays() {
        Optimiser optimiser = new Optimiser(OptimiserSettings.adamW(RATE, DECAY), 1);
        try (FloatPointer weight = new FloatPointer(2f);
                FloatPointer gradient = new FloatPointer(0f)) {
            optimiser.step(weight, gradient);
            assertThat(weight.get()).isCloseTo(2 * (float) (1 - RATE * DECAY), within(1e-7f));
        }
    }

    @Test
    void theFirstStepMovesByTheRateWhateverTheGradientsSize() {
        Optimiser optimiser = new Optimiser(OptimiserSettings.adamW(RATE, 0), 2);
        try (FloatPointer weights = new FloatPointer(1f, 1f);
                FloatPointer gradients = new FloatPointer(1e-3f, -1e3f)) {
            optimiser.step(weights, gradients);
            assertThat(weights.get(0)).isCloseTo((float) (1 - RATE), within(1e-6f));
            assertThat(weights.get(1)).isCloseTo((float) (1 + RATE), within(1e-6f));
            assertThat(optimiser.steps()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("rulesThatDecay")
    void whatDecaysTowardsNothingNeverBecomesDenormal(OptimiserSettings settings) {
        Optimiser optimiser = new Optimiser(settings, 2);
        try (FloatPointer weights = new FloatPointer(1f, 1e-30f);
                FloatPointer gradients = new FloatPointer(1f, 1e-25f)) {
            optimiser.step(weights, gradients);
            gradients.put(0, 0f);
            for (int step = 0; step < 3000; step++) {
                optimiser.step(weights, gradients);
                requireNormal(weights.get(0), weights.get(1));
                requireNormal(optimiser.first());
                requireNormal(optimiser.second());
            }
            assertThat(Math.abs(weights.get(0))).isLessThan(1e-4f);
        }
    }

    static Stream<OptimiserSettings> rulesThatDecay() {
        return Stream.of(
                OptimiserSettings.adam(RATE, DECAY),
                OptimiserSettings.adamW(RATE, .9 / RATE),
                OptimiserSettings.sgd(RATE, .9 / RATE));
    }

    private static void requireNormal(float... values) {
        for (float value : values) {
            assertThat(value == 0 || Math.abs(value) >= Float.MIN_NORMAL)
                    .as("%s is 0 or normal", value)
                    .isTrue();
        }
    }

    /** w ← w - lr (m̂ / (√v̂ + ε) + decay w), one weight at a time. */
    private static void checkAgainstOracle(int length, SplittableRandom random) {
        Optimiser optimiser = new Optimiser(OptimiserSettings.adamW(RATE, DECAY), length);
        double[] expected = new double[length];
        double[] first = new double[length];
        double[] second = new double[length];
        try (FloatPointer weights = new FloatPointer(length);
                FloatPointer gradients = new FloatPointer(length)) {
            for (int i = 0; i < length; i++) {
                weights.put(i, (float) random.nextGaussian());
                expected[i] = weights.get(i);
            }
            for (int step = 1; step <= 100; step++) {
                for (int i = 0; i < length; i++) {
                    float g = (float) random.nextGaussian();
                    gradients.put(i, g);
                    first[i] = .9 * first[i] + .1 * g;
                    second[i] = .999 * second[i] + .001 * g * g;
                    double mean = first[i] / (1 - Math.pow(.9, step));
                    double deviation = Math.sqrt(second[i] / (1 - Math.pow(.999, step)));
                    expected[i] -= RATE * (mean / (deviation + 1e-8) + DECAY * expected[i]);
                }
                optimiser.step(weights, gradients);
            }
            for (int i = 0; i < length; i++) {
                assertThat((double) weights.get(i))
                        .as("weight %d of %d", i, length)
                        .isCloseTo(expected[i], within(1e-5));
            }
        }
    }
}
