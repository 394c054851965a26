package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.noprop.tensor.Trainable;
import org.noprop.training.Learner;

/** The way of steps that are timed. */
class StepWalkTest {
    private static final int ROWS = 12;
    private static final int BATCH = 4;

    private final List<int[]> batches = new ArrayList<>();
    private final List<Integer> epochs = new ArrayList<>();

    @Test
    void anEpochVisitsEachRowOnceAndTheNextOneBegins() {
        StepWalk.Timed timed = new StepWalk(new Recording(), ROWS, BATCH).timed(0);

        assertThat(timed.steps()).isEqualTo(batches.size()).isEqualTo(10);
        assertThat(epochs).containsExactly(1, 1, 1, 2, 2, 2, 3, 3, 3, 4);
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(new TreeSet<>(rows(3 * epoch, 3 * epoch + 3)))
                    .containsExactlyElementsOf(IntStream.range(0, ROWS).boxed().toList());
        }
    }

    @Test
    void aLastBatchThatIsNotWholeIsLeftOut() {
        new StepWalk(new Recording(), ROWS - 1, BATCH).timed(0);

        assertThat(epochs).containsExactly(1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
        assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSize(BATCH));
    }

    @Test
    void whatStepsTookBeyondTheirMeanIsNeverLessThanNothing() {
        assertThat(new StepWalk.Timed(10, 5).mean()).isEqualTo(.5);
        assertThat(new StepWalk.Timed(10, 5).over(.25)).isEqualTo(2.5);
        assertThat(new StepWalk.Timed(10, 5).over(1)).isZero();
    }

    private List<Integer> rows(int from, int to) {
        return batches.subList(from, to).stream()
                .flatMap(batch -> Arrays.stream(batch).boxed())
                .toList();
    }

    /** Learns nothing. */
    private final class Recording implements Learner {
        @Override
        public int number() {
            return 1;
        }

        @Override
        public Trainable subject() {
            throw new UnsupportedOperationException("It has no weights");
        }

        @Override
        public double step(int epoch, int[] rows, int from, int count) {
            epochs.add(epoch);
            batches.add(Arrays.copyOfRange(rows, from, from + count));
            return 0;
        }

        @Override
        public String lossName() {
            return "none";
        }

        @Override
        public Map<String, Double> validate() {
            return Map.of();
        }
    }
}
