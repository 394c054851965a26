package org.noprop.embedding;

/**
 * The nearest atoms: 1 for each of the {@code count} atoms of the largest response and 0 for the others, and the
 * same for the atoms' negatives. Atoms are all of one length, so that a larger response means a smaller distance.
 * Atoms as near as the last of them count as well.
 *
 * @param count how many, 1 … atoms
 */
public record NearestEncoding(int count) implements Encoding {

    @Override
    public boolean isByAtom() {
        return false;
    }

    @Override
    public void add(float[] responses, int atoms, float[] up, float[] down) {
        float[] sorted = new float[atoms];
        System.arraycopy(responses, 0, sorted, 0, atoms);
        float least = select(sorted, atoms - count);
        float most = select(sorted, count - 1);
        for (int i = 0; i < atoms; i++) {
            up[i] += responses[i] >= least ? 1 : 0;
            down[i] += responses[i] <= most ? 1 : 0;
        }
    }

    /** The value that would stand at an index if the values were sorted; reorders them. */
    static float select(float[] values, int index) {
        int low = 0;
        int high = values.length - 1;
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
            if (index <= j) {
                high = j;
            } else if (index >= i) {
                low = i;
            } else {
                return values[index];
            }
        }
        return values[low];
    }

    private static float median(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
