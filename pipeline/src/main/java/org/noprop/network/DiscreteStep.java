package org.noprop.network;

import java.io.Serializable;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.Objective;

/**
 * What a block of NoProp-DT needs to know of its step.
 *
 * @param inputAlphaBar ᾱ_{t-1} of its input
 * @param firstAlphaBar ᾱ_0 of the KL term
 * @param lastAlphaBar ᾱ_T of the head's input
 * @param weight (T/2) η (SNR(t) - SNR(t-1)), the gain capped
 */
public record DiscreteStep(double inputAlphaBar, double firstAlphaBar, double lastAlphaBar, double weight)
        implements Serializable {

    /**
     * That of step t.
     *
     * @param t 1 … T
     * @param eta η, positive
     * @param cap the largest SNR gain that counts; infinite for none
     */
    public static DiscreteStep of(NoiseSchedule schedule, int t, double eta, double cap) {
        return new DiscreteStep(
                schedule.alphaBar(t - 1),
                schedule.alphaBar(0),
                schedule.alphaBar(schedule.steps()),
                Objective.blockWeight(schedule, t, eta, cap));
    }
}
