package org.noprop.spark;

import java.util.Arrays;

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
        select(squares, from, to, middle);
        double upper = Math.sqrt(squares[middle]);
        if (count % 2 == 1) {
            return upper;
        }
        float below = squares[from];
        for (int i = from; i < middle; i++) {
            below = Math.max(below, squares[i]);
        }
        return (Math.sqrt(below) + upper) / 2;
    }

    /** Puts the value that sorting would put at {@code rank} there, none above it before, none below it after. */
    private static void select(float[] values, int from, int to, int rank) {
        int low = from;
        int high = to - 1;
        while (low < high) {
            float pivot = middleOfThree(values[low], values[(low + high) >>> 1], values[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    float swapped = values[i];
                    values[i++] = values[j];
                    values[j--] = swapped;
                }
            }
            if (rank <= j) {
                high = j;
            } else if (rank >= i) {
                low = i;
            } else {
                return;
            }
        }
    }

    private static float middleOfThree(float a, float b, float c) {
        float[] three = {a, b, c};
        Arrays.sort(three);
        return three[1];
    }
}
