package org.noprop.jobs;

import java.util.List;
import java.util.Optional;
import org.noprop.evaluation.plan.Cluster;

/**
 * What single commands are told beside what all are told.
 *
 * @param blocks numbers of blocks to measure at; none but for {@code measure}
 * @param seeds how many runs {@code run} makes, of a seed each, at least 1
 * @param runs ids of the runs that {@code evaluate} gathers instead of evaluating one
 * @param cluster what {@code plan} is told of
 */
record JobOptions(List<Integer> blocks, int seeds, List<String> runs, Optional<Cluster> cluster) {
    /** Nothing in particular. */
    static final JobOptions NONE = new JobOptions(List.of(), 1, List.of(), Optional.empty());

    /** Copies the lists. */
    JobOptions {
        blocks = List.copyOf(blocks);
        runs = List.copyOf(runs);
    }

    static JobOptions blocks(List<Integer> blocks) {
        return new JobOptions(blocks, 1, List.of(), Optional.empty());
    }

    static JobOptions seeds(int seeds) {
        return new JobOptions(List.of(), seeds, List.of(), Optional.empty());
    }

    static JobOptions runs(List<String> runs) {
        return new JobOptions(List.of(), 1, runs, Optional.empty());
    }

    static JobOptions cluster(Cluster cluster) {
        return new JobOptions(List.of(), 1, List.of(), Optional.of(cluster));
    }
}
