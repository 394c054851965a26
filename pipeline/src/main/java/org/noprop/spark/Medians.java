package org.noprop.spark;

import java.util.Arrays;
import org.noprop.tensor.Selection;

/** Medians: of an even number of values the mean of the middle two. */
final class Medians {
    private Medians() {}

    /**
     * The median of some values, which stay in their order.
     *
     * @param values at least one
     */
    static double of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The median distance from squared distances, by selection: linear time, where sorting thousands of distances for each
     * of thousands of images is not.
     *
     * @param squares at least {@code to} values; their order is changed
     * @param from the first that counts
     * @param to the end of those that count; 0 if there are none
     */
    static double distance(float[] squares, int from, int to) {
        int count = to - from;
        if (count == 0) {
            return 0;
        }
        int middle = from + count / 2;
        double upper = Math.sqrt(Selection.select(squares, from, to, middle));
        if (count % 2 == 1) {
            return upper;
        }
        float below = squares[from];
        for (int i = from; i < middle; i++) {
            below = Math.max(below, squares[i]);
        }
        return (Math.sqrt(below) + upper) / 2;
    }
}
