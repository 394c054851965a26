package org.noprop.config;

import java.util.Map;
import org.noprop.diffusion.CosineSchedule;
import org.noprop.diffusion.NoiseSchedule;

/**
 * The diffusion process.
 *
 * @param blocks T, 1 … 492: with more, the cosine schedule's clamp makes its first two ᾱ equal
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

    static DiffusionConfig read(Settings settings) {
        return new DiffusionConfig(
                settings.wholeNumber("blocks", Range.closed(1, 492)),
                settings.choice("schedule", Schedule.class),
                settings.number("eta", Range.above(0)),
                settings.number("snr-weight-cap", Range.above(0)));
    }

    Map<String, Object> settings() {
        return Map.of(
                "blocks", blocks, "schedule", Settings.kebab(schedule), "eta", eta, "snr-weight-cap", snrWeightCap);
    }
}
