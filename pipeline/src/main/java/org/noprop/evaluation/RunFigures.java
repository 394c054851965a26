package org.noprop.evaluation;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The figures of an evaluated run that are compared with those of others.
 *
 * @param run the run's id
 * @param configuration name of its configuration
 * @param seed its seed
 * @param testRows how many images were classified
 * @param noprop accuracy by noisy run
 * @param averaged accuracy of the runs' mean probability
 * @param withoutNoise accuracy without noise
 * @param baseline accuracy of the baseline by run, where there is one
 * @param slowestBlock seconds that the slowest block was trained
 * @param allBlocks seconds that all blocks were trained, one after the other
 * @param baselineTraining seconds that the baseline was trained, where there is one
 * @param memoryRatio a block's memory as a share of the baseline's, where it was measured at the run's T
 */
public record RunFigures(
        String run,
        String configuration,
        long seed,
        int testRows,
        Accuracy noprop,
        Accuracy averaged,
        Accuracy withoutNoise,
        Optional<Accuracy> baseline,
        double slowestBlock,
        double allBlocks,
        OptionalDouble baselineTraining,
        OptionalDouble memoryRatio) {}
