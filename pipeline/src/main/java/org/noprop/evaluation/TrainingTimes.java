package org.noprop.evaluation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long training took, by what was trained; each is the time of its own task.
 *
 * @param blocks block 1 … block T
 * @param head the head, where it was trained
 * @param baseline the baseline, where there is one
 */
public record TrainingTimes(List<Duration> blocks, Optional<Duration> head, Optional<Duration> baseline) {
    /** Copies the list. */
    public TrainingTimes {
        blocks = List.copyOf(blocks);
    }

    /** All blocks one after the other. */
    public Duration allBlocks() {
        return blocks.stream().reduce(Duration.ZERO, Duration::plus);
    }

    /** The slowest block: what training takes with as many executors as blocks. */
    public Duration slowestBlock() {
        return blocks.stream().reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }
}
