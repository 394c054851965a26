package org.noprop.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which images, and where their embeddings lie.
 *
 * @param kind the dataset
 * @param path folder of the published files; empty for digits, which are drawn
 * @param download whether published files that are not there are fetched
 * @param mirror where from, in the place of the publisher
 * @param embeddings folder that receives the Parquet embeddings
 * @param validationFraction share of the training rows set aside, in [0, 1), cut by a hash of the id
 * @param digits how many digits are drawn
 */
public record DataConfig(
        Kind kind,
        Optional<String> path,
        boolean download,
        Optional<String> mirror,
        String embeddings,
        double validationFraction,
        Digits digits) {
    /** Settings that say where files come from, and not what is in them. */
    static final List<String> ORIGIN = List.of("download", "mirror");

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
        boolean download = settings.flag("download");
        if (kind != Kind.DIGITS && download && path.isEmpty()) {
            path = Optional.of("data/" + Settings.kebab(kind));
        }
        if (kind != Kind.DIGITS && !download && !settings.isSet("path")) {
            String name = Settings.kebab(kind);
            settings.missing(
                    "path", "the folder of the " + name + " files, such as --set data.path=data/" + name, "kind");
        }
        return new DataConfig(
                kind,
                path,
                download,
                settings.optionalText("mirror"),
                settings.optionalText("embeddings").orElse("data/embeddings/" + runName),
                settings.number("validation-fraction", Range.halfOpen(0, 1)),
                Digits.read(settings.section("digits")));
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("kind", Settings.kebab(kind));
        settings.put("path", path.orElse(null));
        settings.put("download", download);
        settings.put("mirror", mirror.orElse(null));
        settings.put("embeddings", embeddings);
        settings.put("validation-fraction", validationFraction);
        settings.put("digits", Map.of("train", digits.train, "test", digits.test, "seed", digits.seed));
        return settings;
    }
}
