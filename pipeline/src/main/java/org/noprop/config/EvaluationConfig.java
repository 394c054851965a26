package org.noprop.config;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What is measured, and what the verdict requires.
 *
 * @param split whose images are classified
 * @param baselineMargin largest distance in accuracy points below the baseline that still counts as level, at least 0
 * @param timeToAccuracy the accuracy on the validation split whose time is looked for, in percent; the best of the
 *     baselines less the margin unless set
 * @param collapseDistance trained label embeddings that end up closer to each other than this are warned of, at least 0
 * @param require what makes the job fail with exit code 3 where it is missed
 */
public record EvaluationConfig(
        Split split,
        double baselineMargin,
        OptionalDouble timeToAccuracy,
        double collapseDistance,
        RequireConfig require) {
    /** Splits that nothing is trained on. */
    public enum Split {
        TEST,
        /** What settings may be chosen by. */
        VALIDATION
    }

    static EvaluationConfig read(Settings settings, DataConfig data) {
        Split split = settings.choice("split", Split.class);
        if (split == Split.VALIDATION && data.validationFraction() == 0) {
            settings.invalid(
                    "split", "must be test with noprop.data.validation-fraction = 0, which sets no images aside");
        }
        return new EvaluationConfig(
                split,
                settings.number("baseline-margin", Range.atLeast(0)),
                settings.optionalNumber("time-to-accuracy", Range.closed(0, 100)),
                settings.number("collapse-distance", Range.atLeast(0)),
                RequireConfig.read(settings.section("require")));
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("split", Settings.kebab(split));
        settings.put("baseline-margin", baselineMargin);
        settings.put("time-to-accuracy", timeToAccuracy.isPresent() ? timeToAccuracy.getAsDouble() : null);
        settings.put("collapse-distance", collapseDistance);
        settings.put("require", require.settings());
        return settings;
    }
}
