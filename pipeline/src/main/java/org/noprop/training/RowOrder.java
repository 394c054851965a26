package org.noprop.training;

import java.util.SplittableRandom;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;

/** The order in which an epoch visits the rows: a function of seed, learner and epoch alone. */
final class RowOrder {
    private RowOrder() {}

    /**
     * A uniform permutation of 0 … rows-1 (Fisher-Yates).
     *
     * @param seed the run's seed
     * @param learner {@link Learner#number}
     * @param epoch 1 … epochs
     * @param into receives the permutation; its length is the number of rows
     */
    static void shuffle(long seed, int learner, int epoch, int[] into) {
        SplittableRandom random =
                NoiseKey.of(seed, Purpose.ROW_ORDER).at(learner).at(epoch).generator();
        for (int i = 0; i < into.length; i++) {
            int j = random.nextInt(i + 1);
            into[i] = into[j];
            into[j] = i;
        }
    }
}
