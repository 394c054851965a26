package org.noprop.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeIntervalsTest {

    @Test
    void oneIntervalIsAllOfTime() {
        TimeIntervals one = TimeIntervals.equalTime(1, .05);
        assertThat(one.all()).containsExactly(new TimeIntervals.Interval(0, 1));
        assertThat(one.training(1)).isEqualTo(new TimeIntervals.Interval(0, 1));
        assertThat(one.weight(1)).isEqualTo(1);
    }

    @Test
    void intervalsOfEqualTimeOverlapByAShareOfTheirLength() {
        TimeIntervals four = TimeIntervals.equalTime(4, .1);
        assertThat(four.interval(2)).isEqualTo(new TimeIntervals.Interval(.25, .5));
        assertThat(four.training(2).from()).isCloseTo(.225, within(1e-12));
        assertThat(four.training(2).to()).isCloseTo(.525, within(1e-12));
        assertThat(four.training(1)).isEqualTo(new TimeIntervals.Interval(0, .275));
        assertThat(four.training(4).to()).isEqualTo(1);
        assertThat(four.weight(2)).isCloseTo(4 * .3, within(1e-12));
    }

    @Test
    void everyTimeHasOneBlock() {
        TimeIntervals four = TimeIntervals.equalTime(4, .1);
        assertThat(four.blockAt(0)).isEqualTo(1);
        assertThat(four.blockAt(.2499)).isEqualTo(1);
        assertThat(four.blockAt(.25)).isEqualTo(2);
        assertThat(four.blockAt(.99)).isEqualTo(4);
        assertThat(four.blockAt(1)).isEqualTo(4);
    }

    @Test
    void intervalsOfEqualMassHoldTheSameProbability() {
        LogNormal density = new LogNormal(-.5, 1.2);
        ContinuousSchedule schedule = new ContinuousSchedule.Linear(-7, 7);
        TimeIntervals five = TimeIntervals.equalMass(5, 0, density, schedule::noiseLevel);
        double all = density.below(schedule.noiseLevel(0)) - density.below(schedule.noiseLevel(1));
        for (TimeIntervals.Interval interval : five.all()) {
            double mass = density.below(schedule.noiseLevel(interval.from()))
                    - density.below(schedule.noiseLevel(interval.to()));
            assertThat(mass).isCloseTo(all / 5, within(1e-9));
        }
        assertThat(five.interval(1).from()).isZero();
        assertThat(five.interval(5).to()).isEqualTo(1);
    }

    @Test
    void theNoiseLevelOfAFlowReachesFromInfinityToNought() {
        LogNormal density = new LogNormal(0, 1);
        TimeIntervals two = TimeIntervals.equalMass(2, .05, density, TimeIntervals::flowNoiseLevel);
        assertThat(two.interval(1).to()).isCloseTo(.5, within(1e-9));
        assertThat(TimeIntervals.flowNoiseLevel(0)).isInfinite();
    }

    @Test
    void timesAreDrawnInsideTheirInterval() {
        TimeIntervals.Interval interval = new TimeIntervals.Interval(.2, .5);
        assertThat(interval.at(0)).isEqualTo(.2);
        assertThat(interval.at(.5)).isCloseTo(.35, within(1e-12));
        assertThat(interval.at(1)).isEqualTo(.5);
        assertThat(interval.length()).isCloseTo(.3, within(1e-12));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> TimeIntervals.equalTime(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("[0, 1] is cut into at least 1 interval, not 0");
        assertThatThrownBy(() -> TimeIntervals.equalTime(2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The overlap of intervals must be in [0, 1), got 1.0");
        assertThatThrownBy(() -> new TimeIntervals.Interval(.5, .5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("No interval of [0, 1] goes from 0.5 to 0.5");
        assertThatThrownBy(() -> new LogNormal(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A log-normal density needs a positive deviation, got 0.0");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.5",
        "1, 0.8413447460685429",
        "-1, 0.15865525393145707",
        "2.5, 0.9937903346742238",
        "-4, 3.167124183311986E-5",
        "9, 1",
        "-9, 0"
    })
    void theDistributionFunctionIsTheNormalOnesOfTheLogarithm(double deviations, double below) {
        LogNormal density = new LogNormal(.3, 1.7);
        assertThat(density.below(Math.exp(.3 + 1.7 * deviations))).isCloseTo(below, within(1e-12));
        if (Math.abs(deviations) < 3) {
            assertThat(Math.log(density.quantile(below))).isCloseTo(.3 + 1.7 * deviations, within(1e-9));
        }
    }

    @Test
    void stepsOfEqualMassHoldTheSameProbability() {
        LogNormal density = new LogNormal(-1.2, 1.2);
        NoiseSchedule schedule = NoiseSchedule.equalMass(10, density);
        double first = mass(density, schedule, 1);
        for (int t = 2; t <= 10; t++) {
            assertThat(mass(density, schedule, t)).isCloseTo(first, within(1e-9));
        }
        assertThat(schedule.alphaBar(0)).isEqualTo(1e-5);
        assertThat(schedule.alphaBar(10)).isEqualTo(1 - 1e-5);
    }

    @Test
    void theLinearScheduleGrowsEvenly() {
        NoiseSchedule schedule = NoiseSchedule.linear(10);
        assertThat(schedule.alphaBar(0)).isEqualTo(1e-5);
        assertThat(schedule.alphaBar(5)).isCloseTo(.5, within(1e-12));
        assertThat(schedule.alphaBar(10)).isCloseTo(1 - 1e-5, within(1e-12));
        assertThatThrownBy(() -> NoiseSchedule.linear(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A linear schedule has at least 1 step, not 0");
        assertThatThrownBy(() -> NoiseSchedule.equalMass(0, new LogNormal(0, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("An equal-mass schedule has at least 1 step, not 0");
    }

    private static double mass(LogNormal density, NoiseSchedule schedule, int t) {
        return density.below(level(schedule, t - 1)) - density.below(level(schedule, t));
    }

    private static double level(NoiseSchedule schedule, int t) {
        return Math.sqrt((1 - schedule.alphaBar(t)) / schedule.alphaBar(t));
    }
}
