package org.noprop.embedding;

import org.noprop.tensor.Selection;

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
        float least = Selection.select(sorted, 0, atoms, atoms - count);
        float most = Selection.select(sorted, 0, atoms, count - 1);
        for (int i = 0; i < atoms; i++) {
            up[i] += responses[i] >= least ? 1 : 0;
            down[i] += responses[i] <= most ? 1 : 0;
        }
    }
}
