package org.noprop.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.NoiseKey.Purpose;

/**
 * Samplers on data that are normal, u ~ N(m, s²), for which everything is known: û(z, t) = E[u | z_t = z] is
 * linear in z, and z_t ~ N(√ᾱ m, ᾱ s² + 1-ᾱ).
 */
class TimeSamplerTest {
    private static final double MEAN = 1.5;
    private static final double DEVIATION = .4;
    private static final ContinuousSchedule SCHEDULE = new ContinuousSchedule.Cosine(-5, 5);

    /** Along the probability-flow equation z keeps its place among the z_t: so many deviations from the mean. */
    @Test
    void eulersMethodFollowsTheProbabilityFlow() {
        TimeSampler.Euler sampler = new TimeSampler.Euler(TimeSampler.Flow.probability(SCHEDULE));
        assertThat(sampler.noisy()).isFalse();
        assertThat(transportError(sampler, 1000)).isLessThan(5e-3);
        assertThat(transportError(sampler, 2000)).isBetween(.45 * transportError(sampler, 1000), 3e-3);
    }

    @Test
    void heunsMethodFollowsItToSecondOrder() {
        TimeSampler.Heun sampler = new TimeSampler.Heun(TimeSampler.Flow.probability(SCHEDULE));
        assertThat(sampler.noisy()).isFalse();
        double coarse = transportError(sampler, 50);
        assertThat(coarse).isLessThan(5e-3);
        assertThat(transportError(sampler, 100)).isLessThan(.35 * coarse);
    }

    @Test
    void theTrainedScheduleIsFollowedAsWell() {
        ContinuousSchedule schedule = MonotoneGamma.initial(-7, 7);
        TimeSampler.Heun sampler = new TimeSampler.Heun(TimeSampler.Flow.probability(schedule));
        assertThat(transportError(sampler, schedule, 200)).isLessThan(5e-3);
    }

    @Test
    void ancestralSamplingReachesTheMarginalsOfNormalData() {
        int rows = 20_000;
        int steps = 200;
        TimeSampler.Ancestral sampler = new TimeSampler.Ancestral(SCHEDULE);
        assertThat(sampler.noisy()).isTrue();
        float[] z = new float[rows];
        float[] noise = new float[rows];
        LabelNoise.standard(NoiseKey.of(1, Purpose.CHAIN_START), z, 0, rows);
        for (int i = 0; i < rows; i++) {
            z[i] = (float) (marginalMean(SCHEDULE, 0) + marginalDeviation(SCHEDULE, 0) * z[i]);
        }
        for (int i = 0; i < steps; i++) {
            LabelNoise.standard(NoiseKey.of(1, Purpose.CHAIN_STEP).at(i), noise, 0, rows);
            sampler.step(
                    TimeSamplerTest::posteriorMean,
                    TimeSampler.time(i, steps),
                    TimeSampler.time(i + 1, steps),
                    z,
                    noise,
                    rows);
        }
        Moments moments = Moments.of(z);
        double deviation = marginalDeviation(SCHEDULE, 1);
        assertThat(moments.mean()).isCloseTo(marginalMean(SCHEDULE, 1), within(4 * deviation / Math.sqrt(rows)));
        assertThat(Math.sqrt(moments.variance())).isCloseTo(deviation, within(.03 * deviation));
    }

    /** With the true label for û every step is exact, however long it is. */
    @Test
    void ancestralSamplingOfOneLabelIsExactInThreeSteps() {
        int rows = 40_000;
        TimeSampler.Ancestral sampler = new TimeSampler.Ancestral(SCHEDULE);
        float[] z = new float[rows];
        float[] noise = new float[rows];
        for (int row = 0; row < rows; row++) {
            NoiseKey key = NoiseKey.of(1, Purpose.CHAIN_START).at(row);
            LabelNoise.draw(SCHEDULE.alphaBar(0), new float[] {2}, key, z, row);
        }
        double[] times = {0, .3, .8, 1};
        for (int i = 0; i < 3; i++) {
            LabelNoise.standard(NoiseKey.of(1, Purpose.CHAIN_STEP).at(i), noise, 0, rows);
            sampler.step((t, state, output) -> Arrays.fill(output, 2), times[i], times[i + 1], z, noise, rows);
            Moments moments = Moments.of(z);
            double variance = 1 - SCHEDULE.alphaBar(times[i + 1]);
            assertThat(moments.mean())
                    .isCloseTo(2 * Math.sqrt(SCHEDULE.alphaBar(times[i + 1])), within(4 * Math.sqrt(variance / rows)));
            assertThat(moments.variance()).isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / rows)));
        }
    }

    @Test
    void withoutNoiseAncestralSamplingTakesMeans() {
        float[] z = {.5f};
        new TimeSampler.Ancestral(SCHEDULE).step((t, state, output) -> output[0] = 2, .2, .6, z, null, 1);
        NoiseSchedule.Coefficients k =
                NoiseSchedule.of(SCHEDULE.alphaBar(.2), SCHEDULE.alphaBar(.6)).coefficients(1);
        assertThat((double) z[0]).isCloseTo(2 * k.a() + .5 * k.b(), within(1e-6));
    }

    /** v(z, t) = E[u - z_0 | z_t = z] carries z_0 = x to m + s x. */
    @Test
    void eulersMethodAlongTheVelocityOfNormalDataReachesThem() {
        float[] z = {-1, 0, 2};
        TimeSampler.Euler sampler = new TimeSampler.Euler(TimeSampler.Flow.velocity());
        TimeSampler.Estimator velocity = (t, state, output) -> {
            for (int i = 0; i < 3; i++) {
                double variance = t * t * DEVIATION * DEVIATION + (1 - t) * (1 - t);
                double gain = (t * DEVIATION * DEVIATION - (1 - t)) / variance;
                output[i] = (float) (MEAN + gain * (state[i] - t * MEAN));
            }
        };
        for (int i = 0; i < 1000; i++) {
            sampler.step(velocity, TimeSampler.time(i, 1000), TimeSampler.time(i + 1, 1000), z, null, 3);
        }
        assertThat(z)
                .containsExactly(
                        new float[] {(float) (MEAN - DEVIATION), (float) MEAN, (float) (MEAN + 2 * DEVIATION)},
                        within(5e-3f));
    }

    @Test
    void valuesBeyondTheLengthStay() {
        float[] z = {1, 1};
        new TimeSampler.Euler(TimeSampler.Flow.velocity()).step((t, state, output) -> output[0] = 3, 0, .5, z, null, 1);
        new TimeSampler.Heun(TimeSampler.Flow.velocity()).step((t, state, output) -> output[0] = 3, 0, .5, z, null, 1);
        assertThat(z).containsExactly(4, 1);
    }

    /** How far z_1 is, at most, from where the exact flow carries it. */
    private static double transportError(TimeSampler sampler, int steps) {
        return transportError(sampler, SCHEDULE, steps);
    }

    private static double transportError(TimeSampler sampler, ContinuousSchedule schedule, int steps) {
        double[] places = {-2, -.5, 0, 1};
        float[] z = new float[places.length];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) (marginalMean(schedule, 0) + places[i] * marginalDeviation(schedule, 0));
        }
        TimeSampler.Estimator estimator = (t, state, output) -> posteriorMean(schedule, t, state, output);
        for (int i = 0; i < steps; i++) {
            sampler.step(estimator, TimeSampler.time(i, steps), TimeSampler.time(i + 1, steps), z, null, z.length);
        }
        double error = 0;
        for (int i = 0; i < z.length; i++) {
            double exact = marginalMean(schedule, 1) + places[i] * marginalDeviation(schedule, 1);
            error = Math.max(error, Math.abs(z[i] - exact));
        }
        return error;
    }

    private static double marginalMean(ContinuousSchedule schedule, double t) {
        return Math.sqrt(schedule.alphaBar(t)) * MEAN;
    }

    private static double marginalDeviation(ContinuousSchedule schedule, double t) {
        double alphaBar = schedule.alphaBar(t);
        return Math.sqrt(alphaBar * DEVIATION * DEVIATION + 1 - alphaBar);
    }

    private static void posteriorMean(double t, float[] z, float[] output) {
        posteriorMean(SCHEDULE, t, z, output);
    }

    private static void posteriorMean(ContinuousSchedule schedule, double t, float[] z, float[] output) {
        double signal = Math.sqrt(schedule.alphaBar(t));
        double deviation = marginalDeviation(schedule, t);
        double gain = signal * DEVIATION * DEVIATION / (deviation * deviation);
        for (int i = 0; i < z.length; i++) {
            output[i] = (float) (MEAN + gain * (z[i] - signal * MEAN));
        }
    }
}
