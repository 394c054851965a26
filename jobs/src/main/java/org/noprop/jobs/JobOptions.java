package org.noprop.jobs;

import java.util.List;

/**
 * What single commands are told beside what all are told.
 *
 * @param blocks numbers of blocks to measure at; none but for {@code measure}
 * @param seeds how many runs {@code run} makes, of a seed each, at least 1
 * @param runs ids of the runs that {@code evaluate} gathers instead of evaluating one
 */
record JobOptions(List<Integer> blocks, int seeds, List<String> runs) {
    /** Nothing in particular. */
    static final JobOptions NONE = new JobOptions(List.of(), 1, List.of());

    /** Copies the lists. */
    JobOptions {
        blocks = List.copyOf(blocks);
        runs = List.copyOf(runs);
    }

    static JobOptions blocks(List<Integer> blocks) {
        return new JobOptions(blocks, 1, List.of());
    }

    static JobOptions seeds(int seeds) {
        return new JobOptions(List.of(), seeds, List.of());
    }

    static JobOptions runs(List<String> runs) {
        return new JobOptions(List.of(), 1, runs);
    }
}
