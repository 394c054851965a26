package org.noprop.diffusion;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * [0, 1] cut into B intervals, one for each block of NoProp-CT or NoProp-FM. A block trains on its interval
 * widened by a share of its length at both ends, so that neighbours agree where one hands over to the
 * other, and serves the interval alone in inference. B = 1 is the paper's one network.
 */
public final class TimeIntervals implements Serializable {
    private final double[] cuts;
    private final double overlap;

    /**
     * A part of [0, 1], the time of NoProp-CT and NoProp-FM.
     *
     * @param from where it begins
     * @param to where it ends, after {@code from}
     */
    public record Interval(double from, double to) implements Serializable {
        /**
         * Checks the ends.
         *
         * @throws IllegalArgumentException if it is empty or leaves [0, 1]
         */
        public Interval {
            if (!(0 <= from && from < to && to <= 1)) {
                throw new IllegalArgumentException("No interval of [0, 1] goes from " + from + " to " + to);
            }
        }

        /** How long it is. */
        public double length() {
            return to - from;
        }

        /** The time that a share of the interval lies before: uniform in the interval if {@code share} is in [0, 1). */
        public double at(double share) {
            return Math.min(to, from + share * length());
        }
    }

    private TimeIntervals(double[] cuts, double overlap) {
        if (!(overlap >= 0 && overlap < 1)) {
            throw new IllegalArgumentException("The overlap of intervals must be in [0, 1), got " + overlap);
        }
        this.cuts = cuts;
        this.overlap = overlap;
    }

    /**
     * Intervals of equal length.
     *
     * @param count B, at least 1
     * @param overlap share of an interval's length that is added at both of its ends, in [0, 1)
     */
    public static TimeIntervals equalTime(int count, double overlap) {
        double[] cuts = cuts(count);
        for (int b = 1; b < count; b++) {
            cuts[b] = b / (double) count;
        }
        return new TimeIntervals(cuts, overlap);
    }

    /**
     * Intervals over which the noise level has equal probability under a log-normal density (arXiv
     * 2506.14202): with F its distribution function and s the noise level, F(s(t_b)) = F(s(0)) + (F(s(1)) -
     * F(s(0))) b/B. The noise level is exp(γ(t)/2) for NoProp-CT and (1-t)/t for NoProp-FM.
     *
     * @param count B, at least 1
     * @param overlap as for {@link #equalTime}
     * @param density of the noise level
     * @param noiseLevel falls strictly with t; it may be infinite at 0
     * @throws IllegalArgumentException if an interval would be empty
     */
    public static TimeIntervals equalMass(
            int count, double overlap, LogNormal density, DoubleUnaryOperator noiseLevel) {
        double[] cuts = cuts(count);
        double first = density.below(noiseLevel.applyAsDouble(0));
        double last = density.below(noiseLevel.applyAsDouble(1));
        for (int b = 1; b < count; b++) {
            double mass = first + (last - first) * b / count;
            cuts[b] = timeOfMass(mass, density, noiseLevel);
        }
        TimeIntervals intervals = new TimeIntervals(cuts, overlap);
        intervals.all(); // refuses empty ones
        return intervals;
    }

    /**
     * Intervals between these moments, without overlap, as inference needs them.
     *
     * @param cuts 0, then where each interval ends; the last ends at 1
     * @throws IllegalArgumentException if they do not ascend from 0 to 1
     */
    public static TimeIntervals between(double... cuts) {
        if (cuts.length < 2 || cuts[0] != 0 || cuts[cuts.length - 1] != 1) {
            throw new IllegalArgumentException("Intervals go from 0 to 1, not through " + Arrays.toString(cuts));
        }
        TimeIntervals intervals = new TimeIntervals(cuts.clone(), 0);
        intervals.all(); // refuses empty ones
        return intervals;
    }

    /** The noise level (1-t)/t of NoProp-FM, whose z_t = t u_y + (1-t) z_0. */
    public static double flowNoiseLevel(double t) {
        return (1 - t) / t;
    }

    /** B. */
    public int count() {
        return cuts.length - 1;
    }

    /**
     * Interval b, which block b serves in inference.
     *
     * @param b 1 … B
     */
    public Interval interval(int b) {
        return new Interval(cuts[b - 1], cuts[b]);
    }

    /** All intervals in the order of time. */
    public List<Interval> all() {
        List<Interval> all = new ArrayList<>();
        for (int b = 1; b <= count(); b++) {
            all.add(interval(b));
        }
        return all;
    }

    /**
     * What block b trains on: interval b with the overlap.
     *
     * @param b 1 … B
     */
    public Interval training(int b) {
        double wider = overlap * (cuts[b] - cuts[b - 1]);
        return new Interval(Math.max(0, cuts[b - 1] - wider), Math.min(1, cuts[b] + wider));
    }

    /** B times the length of {@link #training}: the weight of block b's loss where t is uniform in it. */
    public double weight(int b) {
        return count() * training(b).length();
    }

    /**
     * The block that serves t; at a cut, the later one, whose interval begins there.
     *
     * @param t in [0, 1]
     */
    public int blockAt(double t) {
        int b = count();
        while (b > 1 && t < cuts[b - 1]) {
            b--;
        }
        return b;
    }

    private static double[] cuts(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("[0, 1] is cut into at least 1 interval, not " + count);
        }
        double[] cuts = new double[count + 1];
        cuts[count] = 1;
        return cuts;
    }

    /** By halving: the mass below the noise level falls with t. */
    private static double timeOfMass(double mass, LogNormal density, DoubleUnaryOperator noiseLevel) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < Double.SIZE; i++) {
            double middle = (low + high) / 2;
            if (density.below(noiseLevel.applyAsDouble(middle)) > mass) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }
}
