package org.noprop.evaluation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.noprop.data.BaselineKind;

/**
 * How long training took, by what was trained; each is the time of its own task.
 *
 * @param blocks block 1 … block T
 * @param head the head, where it was trained
 * @param baselines those that there are
 */
public record TrainingTimes(List<Duration> blocks, Optional<Duration> head, Map<BaselineKind, Duration> baselines) {
    /** Copies the list and the map. */
    public TrainingTimes {
        blocks = List.copyOf(blocks);
        baselines = Map.copyOf(baselines);
    }

    /** The same blocks by back-propagation or, where only those were trained, a plain network. */
    public Optional<Duration> baseline() {
        return Stream.of(BaselineKind.BLOCKS, BaselineKind.MLP)
                .flatMap(kind -> of(kind).stream())
                .findFirst();
    }

    /** A baseline, where there is one. */
    public Optional<Duration> of(BaselineKind kind) {
        return Optional.ofNullable(baselines.get(kind));
    }

    /** All blocks one after the other. */
    public Duration allBlocks() {
        return blocks.stream().reduce(Duration.ZERO, Duration::plus);
    }

    /** Seconds until all are done if each of so many workers takes the next one as soon as it is free. */
    public static double secondsOn(int workers, List<Duration> tasks) {
        List<Double> free = new ArrayList<>(Collections.nCopies(workers, 0.0));
        for (Duration task : tasks) {
            int first = free.indexOf(Collections.min(free));
            free.set(first, free.get(first) + task.toNanos() / 1e9);
        }
        return Collections.max(free);
    }

    /** The slowest block: what training takes with as many executors as blocks. */
    public Duration slowestBlock() {
        return blocks.stream().reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }
}
