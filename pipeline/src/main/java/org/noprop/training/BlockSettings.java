package org.noprop.training;

import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.Objective;

/**
 * What makes block t block t.
 *
 * @param step t, 1 … T
 * @param inputAlphaBar ᾱ_{t-1}: how clean the label is that the block gets
 * @param lossWeight (T/2) η (SNR(t) - SNR(t-1)), capped
 */
public record BlockSettings(int step, double inputAlphaBar, double lossWeight) {
    /** Block t of a schedule; see {@link Objective#blockWeight} for η and the cap. */
    public static BlockSettings of(NoiseSchedule schedule, int step, double eta, double snrWeightCap) {
        return new BlockSettings(
                step, schedule.alphaBar(step - 1), Objective.blockWeight(schedule, step, eta, snrWeightCap));
    }
}
