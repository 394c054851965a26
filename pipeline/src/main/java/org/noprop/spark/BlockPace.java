package org.noprop.spark;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * How long a block's step takes alone, and by how much longer beside another block's.
 *
 * @param step seconds of a step alone
 * @param sideBySide by how much longer it takes beside another block's, at least 1
 */
record BlockPace(double step, double sideBySide) {
    /** Of each kind; an odd number, so that one of them is the median. */
    static final int TURNS = 7;

    /**
     * Times both in turns: a machine that is slower for some seconds is so for both, and the median passes over a turn in
     * which it was not.
     *
     * @param one a block's way, which is warm
     * @param other another block
     * @param seconds of a turn's steps, first alone and then side by side
     */
    static BlockPace inTurns(StepWalk one, BlockBeside other, double seconds) {
        other.timed(seconds).join();
        double[] alone = new double[TURNS];
        double[] together = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            alone[turn] = one.timed(seconds).mean();
            CompletableFuture<StepWalk.Timed> beside = other.timed(seconds);
            double own = one.timed(seconds).mean();
            together[turn] = (own + beside.join().mean()) / 2;
        }
        return of(alone, together);
    }

    /**
     * The medians.
     *
     * @param alone seconds of a step in each turn
     * @param together seconds of a step beside another block's in the same turns, an odd number
     */
    static BlockPace of(double[] alone, double[] together) {
        double[] slower = new double[alone.length];
        Arrays.setAll(slower, turn -> together[turn] / alone[turn]);
        return new BlockPace(median(alone.clone()), Math.max(1, median(slower)));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
