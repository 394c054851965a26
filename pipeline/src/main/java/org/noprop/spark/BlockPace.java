package org.noprop.spark;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * How long a block's step takes alone, and by how much longer beside another block's.
 *
 * @param step seconds of a step alone
 * @param sideBySide by how much longer it takes beside another block's, at least 1
 */
record BlockPace(double step, double sideBySide) {
    /** An odd number, so that one of them is the median. */
    private static final int TURNS = 7;

    /**
     * Times both in turns: a machine that is slower for some seconds is so for both, and the median passes over a turn in
     * which it was not.
     *
     * @param one a block's way, which is warm
     * @param other another block's, which is gone in a thread of its own
     * @param seconds of a turn's steps, first alone and then side by side
     */
    static BlockPace inTurns(StepWalk one, StepWalk other, double seconds) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            CompletableFuture.runAsync(() -> other.timed(seconds), thread).join();
            double[] alone = new double[TURNS];
            double[] slower = new double[TURNS];
            for (int turn = 0; turn < TURNS; turn++) {
                alone[turn] = one.timed(seconds).mean();
                CompletableFuture<StepWalk.Timed> beside =
                        CompletableFuture.supplyAsync(() -> other.timed(seconds), thread);
                double own = one.timed(seconds).mean();
                slower[turn] = (own + beside.join().mean()) / 2 / alone[turn];
            }
            return new BlockPace(median(alone), Math.max(1, median(slower)));
        } finally {
            thread.shutdown();
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
