package org.noprop.training;

import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;

/** The seeds of the dropout masks of a batch's rows, in an array that is used again for every batch. */
final class DropoutSeeds {
    private final NoiseKey key;
    private final long[] values;

    /**
     * Seeds of one network.
     *
     * @param seed the run's
     * @param block which block draws; 0 for the baseline
     * @param batchSize largest batch
     */
    DropoutSeeds(long seed, int block, int batchSize) {
        this.key = NoiseKey.of(seed, Purpose.DROPOUT).at(block);
        this.values = new long[batchSize];
    }

    /** Draws the seed of the row with this id, which stands at place {@code i} of the batch. */
    void draw(int epoch, long id, int i) {
        values[i] = key.at(epoch).at(id).state();
    }

    long[] values() {
        return values;
    }
}
