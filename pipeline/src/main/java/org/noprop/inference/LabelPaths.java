package org.noprop.inference;

import java.io.Serializable;
import java.util.List;

/**
 * How z goes its way for the first few rows, in the first noisy run.
 *
 * @param moments names of the steps or times at which z was looked at, from z_0 to the last
 * @param rows how many rows
 * @param classes m
 * @param distances for each moment rows × m, row-major: ‖z - u_k‖, the distance to each class's label embedding
 */
public record LabelPaths(List<String> moments, int rows, int classes, List<float[]> distances) implements Serializable {
    /** The most rows whose way is looked at. */
    public static final int MOST_ROWS = 60;

    private static final int MOST_DISTANCES = 60_000;

    /** Copies the lists. */
    public LabelPaths {
        moments = List.copyOf(moments);
        distances = List.copyOf(distances);
    }

    /** The most rows whose way is looked at where there are so many classes: fewer above a thousand. */
    static int mostRows(int classes) {
        return Math.max(1, Math.min(MOST_ROWS, MOST_DISTANCES / classes));
    }
}
