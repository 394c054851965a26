package org.noprop.jobs;

import java.util.List;
import java.util.Optional;
import org.noprop.spark.BlockParts;
import org.noprop.spark.MeasureJob;
import org.noprop.spark.PlanJob;

/**
 * What single commands are told beside what all are told.
 *
 * @param measure what {@code measure} measures
 * @param seeds how many runs {@code run} makes, of a seed each, at least 1
 * @param runs ids of the runs that {@code evaluate} gathers instead of evaluating one
 * @param plan what {@code plan} simulates
 * @param parts what {@code train-blocks} trains
 */
record JobOptions(
        MeasureJob.Request measure, int seeds, List<String> runs, Optional<PlanJob.Request> plan, BlockParts parts) {
    /** Nothing in particular. */
    static final JobOptions NONE =
            new JobOptions(MeasureJob.Request.DEFAULT, 1, List.of(), Optional.empty(), BlockParts.ALL);

    /** Copies the list. */
    JobOptions {
        runs = List.copyOf(runs);
    }

    static JobOptions measure(MeasureJob.Request measure) {
        return new JobOptions(measure, 1, List.of(), Optional.empty(), BlockParts.ALL);
    }

    static JobOptions seeds(int seeds) {
        return new JobOptions(MeasureJob.Request.DEFAULT, seeds, List.of(), Optional.empty(), BlockParts.ALL);
    }

    static JobOptions runs(List<String> runs) {
        return new JobOptions(MeasureJob.Request.DEFAULT, 1, runs, Optional.empty(), BlockParts.ALL);
    }

    static JobOptions plan(PlanJob.Request plan) {
        return new JobOptions(MeasureJob.Request.DEFAULT, 1, List.of(), Optional.of(plan), BlockParts.ALL);
    }

    static JobOptions parts(BlockParts parts) {
        return new JobOptions(MeasureJob.Request.DEFAULT, 1, List.of(), Optional.empty(), parts);
    }
}
