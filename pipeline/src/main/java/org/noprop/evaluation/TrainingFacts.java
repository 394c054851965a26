package org.noprop.evaluation;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.noprop.data.BaselineKind;
import org.noprop.evaluation.plan.ClusterPlan;

/**
 * What is known of a run's training.
 *
 * @param objective the terms of the objective at its end
 * @param times how long it took
 * @param shared what blocks had in common
 * @param blockBytes native bytes that a block's network accounted for, the most of all blocks
 * @param baselineBytes native bytes that the network of each baseline accounted for
 * @param learning how accuracy rose, where there are validation rows
 * @param memory peaks, where they were measured
 * @param plan how long training would take over executors, where that was simulated
 */
public record TrainingFacts(
        ObjectiveTerms objective,
        TrainingTimes times,
        SharedFigures shared,
        OptionalLong blockBytes,
        Map<BaselineKind, Long> baselineBytes,
        Optional<LearningProgress> learning,
        Optional<MemoryComparison> memory,
        Optional<ClusterPlan> plan) {
    /** Copies the map. */
    public TrainingFacts {
        baselineBytes = Map.copyOf(baselineBytes);
    }

    /** The measured memory at the run's own number of blocks, where it was measured. */
    public Optional<MemoryPair> memoryOfRun() {
        return memory.flatMap(measured -> measured.at(times.blocks().size()));
    }
}
