package org.noprop.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which images, and where their embeddings lie.
 *
 * @param kind the dataset
 * @param path folder of the published files; empty for digits, which are drawn
 * @param embeddings folder that receives the Parquet embeddings
 * @param validationFraction share of the training rows set aside, in [0, 1), cut by a hash of the id
 * @param digits how many digits are drawn
 */
public record DataConfig(
        Kind kind, Optional<String> path, String embeddings, double validationFraction, Digits digits) {

    /** The datasets that can be read. */
    public enum Kind {
        DIGITS,
        MNIST,
        CIFAR10,
        CIFAR100
    }

    /**
     * How many digits are drawn.
     *
     * @param train training images, at least 20
     * @param test test images, at least 10
     * @param seed what they are drawn from
     */
    public record Digits(int train, int test, long seed) {
        private static Digits read(Settings settings) {
            return new Digits(
                    settings.wholeNumber("train", Range.atLeast(20)),
                    settings.wholeNumber("test", Range.atLeast(10)),
                    settings.seed("seed"));
        }
    }

    static DataConfig read(Settings settings, String runName) {
        Kind kind = settings.choice("kind", Kind.class);
        Optional<String> path = settings.optionalText("path");
        if (kind != Kind.DIGITS && !settings.isSet("path")) {
            String name = Settings.kebab(kind);
            settings.missing(
                    "path", "the folder of the " + name + " files, such as --set data.path=data/" + name, "kind");
        }
        return new DataConfig(
                kind,
                path,
                settings.optionalText("embeddings").orElse("data/embeddings/" + runName),
                settings.number("validation-fraction", Range.halfOpen(0, 1)),
                Digits.read(settings.section("digits")));
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("kind", Settings.kebab(kind));
        settings.put("path", path.orElse(null));
        settings.put("embeddings", embeddings);
        settings.put("validation-fraction", validationFraction);
        settings.put("digits", Map.of("train", digits.train, "test", digits.test, "seed", digits.seed));
        return settings;
    }
}
