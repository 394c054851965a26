package org.noprop.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.diffusion.TimeSampler;

/**
 * The even steps from t = 0 to t = 1, the block that makes each, and those at which predictions are kept.
 *
 * @param steps how many
 * @param intervals of the blocks
 */
record TimeGrid(int steps, TimeIntervals intervals) {
    private static final int MOST_CHECKPOINTS = 10;

    /** Where step i starts, i = 0 … steps; 1 after the last. */
    double time(int i) {
        return TimeSampler.time(i, steps);
    }

    /** The first step of block b, 1 … B, or B + 1 for the end. */
    int firstStep(int b) {
        int i = 0;
        while (i < steps && intervals.blockAt(time(i)) < b) {
            i++;
        }
        return i;
    }

    /** How many predictions are kept along the way. */
    int checkpoints() {
        return Math.min(MOST_CHECKPOINTS, steps);
    }

    /** Which checkpoint is made at step i: 0 …, or -1 if none. The last step always makes one. */
    int checkpointAt(int i) {
        int count = checkpoints();
        int index = (int) ((long) i * count / steps);
        boolean last = i + 1 == steps || (long) (i + 1) * count / steps > index;
        return last ? index : -1;
    }

    /** The times of the checkpoints, to two or three places. */
    List<String> checkpointNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            if (checkpointAt(i) >= 0) {
                names.add(name(i));
            }
        }
        return names;
    }

    /** The times of z on its way: 0, and those that the checkpoints' steps lead to. */
    List<String> momentNames() {
        List<String> names = new ArrayList<>(List.of(name(0)));
        for (int i = 0; i < steps; i++) {
            if (checkpointAt(i) >= 0) {
                names.add(name(i + 1));
            }
        }
        return names;
    }

    private String name(int i) {
        return String.format(Locale.ROOT, steps <= 100 ? "%.2f" : "%.3f", time(i));
    }
}
