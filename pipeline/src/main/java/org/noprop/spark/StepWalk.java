package org.noprop.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.noprop.training.Learner;

/** A learner's way through the training rows, batch after batch, by the clock. */
final class StepWalk {
    private static final int SEED = 1;
    private static final int LEAST_STEPS = 10;
    private static final double NANOS = 1e9;

    private final Learner learner;
    private final int[] order;
    private final int batch;
    private int position;
    private int epoch = 1;

    /**
     * A way that begins anew after its end.
     *
     * @param rows of the training split
     * @param batch rows of a step, at most all
     */
    StepWalk(Learner learner, int rows, int batch) {
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, rows).boxed().toList());
        Collections.shuffle(shuffled, new Random(SEED));
        this.order = shuffled.stream().mapToInt(Integer::intValue).toArray();
        this.learner = learner;
        this.batch = batch;
    }

    /** Some steps, and the seconds that they took together. */
    record Timed(int steps, double seconds) {
        /** Seconds of a step. */
        double mean() {
            return seconds / steps;
        }

        /** Seconds beyond steps of {@code mean}; never less than nothing. */
        double over(double mean) {
            return Math.max(0, seconds - steps * mean);
        }
    }

    /** The steps that fit into so many seconds, and a few at least. */
    Timed timed(double seconds) {
        long start = System.nanoTime();
        int steps = 0;
        do {
            step();
            steps++;
        } while (steps < LEAST_STEPS || secondsSince(start) < seconds);
        return new Timed(steps, secondsSince(start));
    }

    private void step() {
        if (position + batch > order.length) {
            position = 0;
            epoch++;
        }
        learner.step(epoch, order, position, batch);
        position += batch;
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / NANOS;
    }
}
