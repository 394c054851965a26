package org.noprop.data;

import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * Which training images are set aside for validation: those whose hashed id lies below the fraction. It
 * depends on nothing else, so that the cut stays the same when images are added.
 *
 * @param fraction expected share of the training images, in [0, 1)
 */
public record ValidationCut(double fraction) implements Serializable {
    /** Keeps the hash apart from other uses of ids as seeds. */
    private static final long SALT = 0x76616c6964617465L;

    /** Whether the training image of this id is set aside. */
    public boolean holds(long id) {
        return new SplittableRandom(id ^ SALT).nextDouble() < fraction;
    }

    /** How many of the training images with ids 0 … images-1 are set aside. */
    public long count(long images) {
        long count = 0;
        for (long id = 0; id < images; id++) {
            if (holds(id)) {
                count++;
            }
        }
        return count;
    }
}
