package org.noprop.embedding;

import java.io.Serializable;

/**
 * What becomes of the responses of a patch to the dictionary, r = x·d. Each atom d has two features: one for
 * patches that look like it and one for those that look like its negative.
 */
public sealed interface Encoding extends Serializable permits ThresholdEncoding, NearestEncoding {
    /** Whether the features of an atom follow from its own response alone. */
    boolean isByAtom();

    /**
     * Adds the features of a patch to sums.
     *
     * @param responses to the atoms
     * @param atoms how many
     * @param up the sums of the features of the atoms
     * @param down those of their negatives
     */
    void add(float[] responses, int atoms, float[] up, float[] down);
}
