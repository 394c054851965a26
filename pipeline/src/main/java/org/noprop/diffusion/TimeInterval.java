package org.noprop.diffusion;

import java.io.Serializable;

/**
 * A part of [0, 1], the time of NoProp-CT and NoProp-FM.
 *
 * @param from where it begins
 * @param to where it ends, after {@code from}
 */
public record TimeInterval(double from, double to) implements Serializable {
    /**
     * Checks the ends.
     *
     * @throws IllegalArgumentException if it is empty or leaves [0, 1]
     */
    public TimeInterval {
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
