package org.noprop.spark;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * How long a block's step takes alone, by how much longer beside another block's, and what a process's first steps take
 * beyond that.
 *
 * @param step seconds of a step alone
 * @param sideBySide by how much longer it takes beside another block's, at least 1; 1 where that was not timed
 * @param warmUp seconds that the first steps took beyond their time at this pace
 */
record BlockPace(double step, double sideBySide, double warmUp) {
    /** Of each kind. */
    private static final int TURNS = 7;

    /** As long as so many turns, in which the JIT compiler is at work. */
    private static final int COLD_TURNS = 6;

    /**
     * Times a block alone: its first steps, and as many that count.
     *
     * @param block whose first steps these are
     * @param seconds of each
     */
    static BlockPace alone(StepWalk block, double seconds) {
        StepWalk.Timed first = block.timed(seconds);
        double step = block.timed(seconds).mean();
        return new BlockPace(step, 1, first.over(step));
    }

    /**
     * Times the first steps of two blocks side by side, where the JIT compiler takes its time from both as it does in a run
     * that has a task on every core; then a block alone and two at once, in turns: a machine that is slower for some seconds
     * is so for both, and the median passes over a turn in which it was not.
     *
     * @param one whose first steps these are
     * @param other likewise
     * @param seconds of a turn's steps, first alone and then side by side
     */
    static BlockPace inTurns(StepWalk one, BlockBeside other, double seconds) {
        CompletableFuture<StepWalk.Timed> coldBeside = other.timed(COLD_TURNS * seconds);
        StepWalk.Timed cold = one.timed(COLD_TURNS * seconds);
        StepWalk.Timed[] first = {cold, coldBeside.join()};
        double[] alone = new double[TURNS];
        double[] together = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            alone[turn] = one.timed(seconds).mean();
            CompletableFuture<StepWalk.Timed> beside = other.timed(seconds);
            double own = one.timed(seconds).mean();
            together[turn] = (own + beside.join().mean()) / 2;
        }
        return of(alone, together, first);
    }

    /**
     * The medians, and by how much the first steps took longer on average.
     *
     * @param alone seconds of a step in each turn
     * @param together seconds of a step beside another block's in the same turns
     * @param first steps, side by side
     */
    static BlockPace of(double[] alone, double[] together, StepWalk.Timed... first) {
        double[] slower = new double[alone.length];
        Arrays.setAll(slower, turn -> together[turn] / alone[turn]);
        double step = Medians.of(alone);
        double sideBySide = Math.max(1, Medians.of(slower));
        double warmUp = Arrays.stream(first)
                .mapToDouble(steps -> steps.over(step * sideBySide))
                .average()
                .orElse(0);
        return new BlockPace(step, sideBySide, warmUp);
    }
}
