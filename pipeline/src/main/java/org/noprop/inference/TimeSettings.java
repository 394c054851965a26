package org.noprop.inference;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.TimeSampler;

/**
 * How continuous time is gone through.
 *
 * @param steps even steps from t = 0 to t = 1, 1 to 1,000,000
 * @param sampler how a step is made
 */
public record TimeSettings(int steps, Sampler sampler) implements Serializable {
    private static final int MOST_STEPS = 1_000_000;

    /** How a step is made. */
    public enum Sampler {
        @JsonProperty("euler")
        EULER,
        @JsonProperty("heun")
        HEUN,
        @JsonProperty("ancestral")
        ANCESTRAL
    }

    /**
     * Checks the steps.
     *
     * @throws IllegalArgumentException if there is none
     */
    public TimeSettings {
        if (steps < 1 || steps > MOST_STEPS) {
            throw new IllegalArgumentException("Continuous time needs 1 to " + MOST_STEPS + " steps, got " + steps);
        }
    }

    /** A sampler of NoProp-CT. */
    TimeSampler under(ContinuousSchedule schedule) {
        return sampler == Sampler.ANCESTRAL
                ? new TimeSampler.Ancestral(schedule)
                : along(TimeSampler.Flow.probability(schedule));
    }

    /**
     * A sampler of NoProp-FM.
     *
     * @throws IllegalArgumentException if it would draw noise, of which a flow has none
     */
    TimeSampler along(TimeSampler.Flow flow) {
        return switch (sampler) {
            case EULER -> new TimeSampler.Euler(flow);
            case HEUN -> new TimeSampler.Heun(flow);
            case ANCESTRAL -> throw new IllegalArgumentException("Along a flow there is no noise to draw");
        };
    }
}
