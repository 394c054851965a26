package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Medians over the turns in which steps are timed, and what first steps take beyond them. */
class BlockPaceTest {
    @Test
    void aTurnInWhichTheMachineWasSlowerIsPassedOver() {
        double[] alone = {2, 90, 1, 2, 3};
        double[] together = {3, 90, 5, 3, 4.5};

        assertThat(BlockPace.of(alone, together)).isEqualTo(new BlockPace(2, 1.5, 0));
    }

    @Test
    void noBlockIsFasterBesideAnother() {
        assertThat(BlockPace.of(new double[] {2, 2, 2}, new double[] {1, 1.9, 3}))
                .isEqualTo(new BlockPace(2, 1, 0));
    }

    @Test
    void firstStepsAreComparedWithThoseSideBySide() {
        double[] alone = {2, 2, 2};
        double[] together = {3, 3, 3};

        BlockPace pace = BlockPace.of(alone, together, new StepWalk.Timed(10, 34), new StepWalk.Timed(10, 38));

        assertThat(pace).isEqualTo(new BlockPace(2, 1.5, 6));
    }

    @Test
    void whatWasTimedStaysAsItWas() {
        double[] alone = {3, 1, 2};

        BlockPace.of(alone, new double[] {3, 1, 2});

        assertThat(alone).containsExactly(3, 1, 2);
    }
}
