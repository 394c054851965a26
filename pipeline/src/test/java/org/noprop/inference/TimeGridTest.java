package org.noprop.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.TimeIntervals;

class TimeGridTest {
    @Test
    void everyStepIsMadeByTheBlockWhoseIntervalItBeginsInAndNoneTwice() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 200; i++) {
            int blocks = random.nextInt(1, 9);
            TimeGrid grid = new TimeGrid(random.nextInt(blocks, 60), TimeIntervals.equalTime(blocks, 0.1));

            assertThat(grid.firstStep(1)).isZero();
            assertThat(grid.firstStep(blocks + 1)).isEqualTo(grid.steps());
            for (int b = 1; b <= blocks; b++) {
                for (int step = grid.firstStep(b); step < grid.firstStep(b + 1); step++) {
                    assertThat(grid.intervals().blockAt(grid.time(step))).isEqualTo(b);
                }
            }
        }
    }

    @Test
    void predictionsAreKeptAtEvenlySpacedStepsAndAtTheLast() {
        for (int steps = 1; steps <= 120; steps++) {
            TimeGrid grid = new TimeGrid(steps, TimeIntervals.equalTime(1, 0));
            int[] kept = IntStream.range(0, steps)
                    .map(grid::checkpointAt)
                    .filter(index -> index >= 0)
                    .toArray();

            assertThat(kept)
                    .containsExactly(IntStream.range(0, grid.checkpoints()).toArray());
            assertThat(grid.checkpointAt(steps - 1)).isEqualTo(grid.checkpoints() - 1);
            assertThat(grid.checkpointNames()).hasSize(grid.checkpoints());
        }
        assertThat(new TimeGrid(1000, TimeIntervals.equalTime(1, 0)).checkpointNames())
                .startsWith("0.099", "0.199")
                .endsWith("0.999");
    }
}
