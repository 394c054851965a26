package org.noprop.evaluation.report;

import java.util.List;

/**
 * The training loss of a block by epoch.
 *
 * @param block t, 1 … T
 * @param losses the mean over the epoch's rows of ‖û_t - u_y‖², epoch 1 first
 */
public record LearningCurve(int block, List<Double> losses) {
    /** Copies the list. */
    public LearningCurve {
        losses = List.copyOf(losses);
    }
}
