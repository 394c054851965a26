package org.noprop.tensor;

/** The value of a rank among others by quickselect (Hoare 1961): linear time on average, where sorting is not. */
public final class Selection {
    private Selection() {}

    /**
     * Puts the value that sorting would put at {@code rank} there, none above it before and none below it after, and
     * returns it.
     *
     * @param values none of which is NaN; only those of the range are moved
     * @param from the first of the range
     * @param to the end of the range
     * @param rank in [from, to)
     */
    public static float select(float[] values, int from, int to, int rank) {
        int low = from;
        int high = to - 1;
        while (low < high) {
            float pivot = median(values[low], values[(low + high) >>> 1], values[high]);
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
                break;
            }
        }
        return values[rank];
    }

    private static float median(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
