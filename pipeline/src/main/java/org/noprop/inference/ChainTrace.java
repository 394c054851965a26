package org.noprop.inference;

import java.util.List;

/**
 * All that an evaluation asks of the chain, over the same rows.
 *
 * @param noisyRuns R runs, each with noise of its own
 * @param withoutNoise the run without any noise
 * @param blocksAlone for t = 1 … T and, inside, for each noisy run, each row's most probable class
 *     according to block t when its input is pure noise: the run's z_0 instead of z_{t-1}
 */
public record ChainTrace(List<ChainRun> noisyRuns, ChainRun withoutNoise, List<List<int[]>> blocksAlone) {
    /** Copies the lists. */
    public ChainTrace {
        noisyRuns = List.copyOf(noisyRuns);
        blocksAlone = blocksAlone.stream().map(List::copyOf).toList();
    }
}
