package org.noprop.spark;

import org.noprop.tensor.Selection;

/** Medians by selection: linear time, where sorting thousands of distances for each of thousands of images is not. */
final class Medians {
    private Medians() {}

    /**
     * The median distance from squared distances: of an even number the mean of the middle two.
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
