package org.noprop.evaluation;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a run's training.
 *
 * @param objective the terms of the objective at its end
 * @param times how long it took
 * @param shared what blocks had in common
 * @param blockBytes native bytes that a block's network accounted for, the most of all blocks
 * @param baselineBytes native bytes that the baseline's network accounted for
 * @param memory peaks, where they were measured
 */
public record TrainingFacts(
        ObjectiveTerms objective,
        TrainingTimes times,
        SharedFigures shared,
        OptionalLong blockBytes,
        OptionalLong baselineBytes,
        Optional<MemoryComparison> memory) {

    /** The measured memory at the run's own number of blocks, where it was measured. */
    public Optional<MemoryPair> memoryOfRun() {
        return memory.flatMap(measured -> measured.at(times.blocks().size()));
    }
}
