package org.noprop.embedding;

import java.io.Serializable;

/**
 * What patches are compared with, as it was fitted to training images.
 *
 * @param whitening of contrast-normalised patches
 * @param atoms whitened patches of length 1, count × length, row-major; not copied, because they are many
 */
public record PatchDictionary(Whitening whitening, float[] atoms) implements Serializable {

    /** How many atoms. */
    int count() {
        return atoms.length / whitening.length();
    }

    /** W d for each atom d: what a centred patch has to be multiplied with instead, because x·d = (p - μ)·(W d). */
    float[] unwhitened() {
        float[] result = new float[atoms.length];
        whitening.multiply(atoms, result);
        return result;
    }
}
