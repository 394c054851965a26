package org.noprop.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.noprop.config.DiffusionConfig.Method;

/**
 * How images are classified.
 *
 * @param runs noisy runs to average over, 1 to 10,000 (the paper: 5)
 * @param noise what the noise of each step of a noisy run is multiplied by, 0 to 1 (the paper: 1)
 * @param batchSize images of a pass, at least 1
 * @param steps steps from t = 0 to t = 1 of continuous time and flow matching, 1 to 1,000,000; in discrete time there
 *     are T, whatever this is
 * @param sampler how a step of continuous time or flow matching is made; none in discrete time, whose chain has
 *     steps of its own
 */
public record InferenceConfig(int runs, double noise, int batchSize, int steps, Optional<Sampler> sampler) {
    private static final int PAPERS_STEPS = 1000;
    private static final int MOST_RUNS = 10_000;
    private static final int MOST_STEPS = 1_000_000;

    /** How a step is made. */
    public enum Sampler {
        /** Euler's method for the ordinary differential equation. */
        EULER,
        /** Heun's method for it: two evaluations a step. */
        HEUN,
        /** Draws z of the next moment given û, as the chain of discrete time does. */
        ANCESTRAL
    }

    static InferenceConfig read(Settings settings, DiffusionConfig diffusion) {
        Method method = diffusion.method();
        return new InferenceConfig(
                settings.wholeNumber("runs", Range.closed(1, MOST_RUNS)),
                settings.number("noise", Range.closed(0, 1)),
                settings.wholeNumber("batch-size", Range.atLeast(1)),
                steps(settings, diffusion),
                sampler(settings, method));
    }

    private static int steps(Settings settings, DiffusionConfig diffusion) {
        if (!settings.isSet("steps")) {
            return PAPERS_STEPS;
        }
        if (diffusion.method() == Method.DT) {
            settings.invalid("steps", "must be null with noprop.diffusion.method = dt, which has a step a block");
        }
        int steps = settings.wholeNumber("steps", Range.closed(1, MOST_STEPS));
        int intervals = diffusion.intervals().count();
        if (steps < intervals && diffusion.method() != Method.DT) {
            settings.invalid(
                    "steps",
                    "must be at least noprop.diffusion.intervals.count = " + intervals
                            + ", so that each block makes a step");
        }
        return steps;
    }

    private static Optional<Sampler> sampler(Settings settings, Method method) {
        if (!settings.isSet("sampler")) {
            return method == Method.DT ? Optional.empty() : Optional.of(Sampler.EULER);
        }
        Sampler sampler = settings.choice("sampler", Sampler.class);
        if (method == Method.DT) {
            settings.invalid("sampler", "must be null with noprop.diffusion.method = dt, whose chain is its sampler");
        }
        if (method == Method.FM && sampler == Sampler.ANCESTRAL) {
            settings.invalid(
                    "sampler", "must be euler or heun with noprop.diffusion.method = fm, which has no noise to draw");
        }
        return Optional.of(sampler);
    }

    Map<String, Object> settings(Method method) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("runs", runs);
        settings.put("noise", noise);
        settings.put("batch-size", batchSize);
        settings.put("steps", method == Method.DT ? null : steps);
        settings.put("sampler", sampler.map(Settings::kebab).orElse(null));
        return settings;
    }
}
