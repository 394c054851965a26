package org.noprop.config;

import java.util.Map;

/**
 * What is measured, and what the verdict requires.
 *
 * @param split whose images are classified
 * @param baselineMargin largest distance in accuracy points below the baseline that still counts as level, at least 0
 * @param collapseDistance trained label embeddings that end up closer to each other than this are warned of, at least 0
 * @param require what makes the job fail with exit code 3 where it is missed
 */
public record EvaluationConfig(Split split, double baselineMargin, double collapseDistance, RequireConfig require) {
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
                settings.number("collapse-distance", Range.atLeast(0)),
                RequireConfig.read(settings.section("require")));
    }

    Map<String, Object> settings() {
        return Map.of(
                "split",
                Settings.kebab(split),
                "baseline-margin",
                baselineMargin,
                "collapse-distance",
                collapseDistance,
                "require",
                require.settings());
    }
}
