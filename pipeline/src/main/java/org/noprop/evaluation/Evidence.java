package org.noprop.evaluation;

import java.util.List;

/**
 * What an evaluation looks at beside accuracy.
 *
 * @param fewerBlocks accuracy of the first noisy run through fewer blocks, fewest first; none in continuous time
 * @param calibration of the mean over the noisy runs
 * @param moments names of the steps or times of the paths
 * @param paths how z went its way for a few images in the first noisy run
 */
public record Evidence(
        List<BlocksUsed> fewerBlocks, Calibration calibration, List<String> moments, List<ImagePath> paths) {
    /** The accuracy with so many of the T blocks. */
    public record BlocksUsed(int blocks, double accuracy) {}

    /** Copies the lists. */
    public Evidence {
        fewerBlocks = List.copyOf(fewerBlocks);
        moments = List.copyOf(moments);
        paths = List.copyOf(paths);
    }
}
