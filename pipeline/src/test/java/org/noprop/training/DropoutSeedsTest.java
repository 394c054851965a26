package org.noprop.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DropoutSeedsTest {
    @Test
    void aSeedFollowsFromRunBlockEpochAndRowAndFromNothingElse() {
        long seed = seed(1, 2, 3, 4, 0);
        assertThat(seed(1, 2, 3, 4, 0)).isEqualTo(seed);
        assertThat(seed(1, 2, 3, 4, 7)).as("another place in the batch").isEqualTo(seed);
        assertThat(seed(9, 2, 3, 4, 0)).as("another run").isNotEqualTo(seed);
        assertThat(seed(1, 9, 3, 4, 0)).as("another block").isNotEqualTo(seed);
        assertThat(seed(1, 2, 9, 4, 0)).as("another epoch").isNotEqualTo(seed);
        assertThat(seed(1, 2, 3, 9, 0)).as("another row").isNotEqualTo(seed);
    }

    private static long seed(long run, int block, int epoch, long row, int place) {
        DropoutSeeds seeds = new DropoutSeeds(run, block, 8);
        seeds.draw(epoch, row, place);
        return seeds.values()[place];
    }
}
