package org.noprop.training;

import java.util.SplittableRandom;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;

/** Drops components of image embeddings and scales the others up, so that their mean stays. */
final class InputDropout {
    private static final int BITS = 16;

    private final int dropped;
    private final float scale;
    private final NoiseKey key;

    /**
     * Dropout of one learner.
     *
     * @param probability that a component is dropped, in [0, 1); to a 65536th
     * @param seed the run's
     * @param learner {@link Learner#number}
     */
    InputDropout(double probability, long seed, int learner) {
        this.dropped = (int) Math.round(probability * (1 << BITS));
        this.scale = (float) ((1 << BITS) / (double) ((1 << BITS) - dropped));
        this.key = NoiseKey.of(seed, Purpose.INPUT_DROPOUT).at(learner);
    }

    /** Drops components of the image embedding of a row: which ones follows from epoch and id. */
    void apply(int epoch, long id, float[] images, int from, int width) {
        if (dropped == 0) {
            return;
        }
        SplittableRandom random = key.at(epoch).at(id).generator();
        long bits = 0;
        for (int i = 0; i < width; i++) {
            if (i % (Long.SIZE / BITS) == 0) {
                bits = random.nextLong();
            }
            images[from + i] *= (bits & 0xffff) < dropped ? 0 : scale;
            bits >>>= BITS;
        }
    }
}
