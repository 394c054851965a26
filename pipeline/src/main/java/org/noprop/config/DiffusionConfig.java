package org.noprop.config;

import org.noprop.diffusion.CosineSchedule;
import org.noprop.diffusion.NoiseSchedule;

/**
 * The diffusion process.
 *
 * @param blocks T, 1 … 1000
 * @param schedule the noise schedule
 * @param eta η of Equation 8, positive
 * @param snrWeightCap largest SNR gain that counts in a block's weight, positive
 */
public record DiffusionConfig(int blocks, Schedule schedule, double eta, double snrWeightCap) {
    /** Noise schedules. */
    public enum Schedule {
        /** {@link CosineSchedule}. */
        COSINE
    }

    /** The schedule's ᾱ. */
    public NoiseSchedule noiseSchedule() {
        return switch (schedule) {
            case COSINE -> CosineSchedule.of(blocks);
        };
    }
}
