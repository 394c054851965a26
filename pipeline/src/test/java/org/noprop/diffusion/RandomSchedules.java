package org.noprop.diffusion;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Schedules to try what holds for every schedule. */
final class RandomSchedules {
    private RandomSchedules() {}

    /** Cosine, linear and equal-mass schedules of several T, and schedules drawn at random. */
    static Stream<NoiseSchedule> some() {
        Stream<NoiseSchedule> cosine = Stream.of(1, 2, 3, 5, 10, 25, 100).map(NoiseSchedule::cosine);
        Stream<NoiseSchedule> linear = Stream.of(1, 2, 10, 100).map(NoiseSchedule::linear);
        LogNormal density = new LogNormal(-1.2, 1.2);
        Stream<NoiseSchedule> equalMass =
                Stream.of(1, 2, 10, 100).map(steps -> NoiseSchedule.equalMass(steps, density));
        SplittableRandom random = new SplittableRandom(7);
        Stream<NoiseSchedule> drawn = Stream.generate(() -> random(random)).limit(20);
        return Stream.of(cosine, linear, equalMass, drawn).flatMap(schedules -> schedules);
    }

    private static NoiseSchedule random(SplittableRandom random) {
        double[] alphaBars = new double[random.nextInt(2, 30)];
        Arrays.setAll(alphaBars, t -> random.nextDouble(0.001, 0.999));
        Arrays.sort(alphaBars);
        return NoiseSchedule.of(alphaBars);
    }
}
