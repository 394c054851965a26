package org.noprop.training;

import java.util.SplittableRandom;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;

/**
 * Label noise: now and then a row has a label drawn at random, for one epoch, and is noised and compared as a row
 * of that class. In the mean this is label smoothing.
 */
final class LabelChanges {
    private final double probability;
    private final int classes;
    private final NoiseKey key;

    /**
     * Changes of one learner's labels.
     *
     * @param probability that a label is drawn anew, from all classes, in [0, 1)
     * @param classes m
     * @param seed the run's
     * @param learner {@link Learner#number}
     */
    LabelChanges(double probability, int classes, long seed, int learner) {
        this.probability = probability;
        this.classes = classes;
        this.key = NoiseKey.of(seed, Purpose.LABEL_NOISE).at(learner);
    }

    /** The label of a row in an epoch. */
    int of(int epoch, long id, int label) {
        if (probability == 0) {
            return label;
        }
        SplittableRandom random = key.at(epoch).at(id).generator();
        return random.nextDouble() < probability ? random.nextInt(classes) : label;
    }
}
