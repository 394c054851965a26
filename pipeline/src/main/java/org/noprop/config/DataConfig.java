package org.noprop.config;

import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which images, and where their embeddings lie.
 *
 * @param kind the dataset, or what a user's own files are
 * @param path folder of the published files or the user's own; empty for digits, which are drawn
 * @param download whether published files that are not there are fetched
 * @param mirror where from, in the place of the publisher
 * @param embeddings folder that receives the Parquet embeddings
 * @param validationFraction share of the training rows set aside, in [0, 1), cut by a hash of the id
 * @param files how a user's own files are read
 * @param digits how many digits are drawn
 */
public record DataConfig(
        Kind kind,
        Optional<String> path,
        boolean download,
        Optional<String> mirror,
        String embeddings,
        double validationFraction,
        FilesConfig files,
        Digits digits) {
    /** Settings that say where files come from, and not what is in them. */
    static final List<String> ORIGIN = List.of("download", "mirror");

    private static final String EMBEDDINGS = "data/embeddings/";

    /** The datasets that can be read, and the kinds of a user's own files. */
    public enum Kind {
        DIGITS,
        MNIST,
        CIFAR10,
        CIFAR100,
        /** Files of images, a folder a class. */
        FOLDER,
        /** Parquet files with images. */
        PARQUET,
        /** Parquet files with image embeddings. */
        EMBEDDINGS;

        /** Whether it is of the user's own files. */
        public boolean isOfFiles() {
            return this == FOLDER || this == PARQUET || this == EMBEDDINGS;
        }
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
        String name = Settings.kebab(kind);
        if (kind.isOfFiles() && download) {
            settings.invalid("download", "must be false where kind = " + name + ": these files are your own");
        } else if (kind != Kind.DIGITS && download && path.isEmpty()) {
            path = Optional.of("data/" + name);
        }
        if (kind != Kind.DIGITS && !download && !settings.isSet("path")) {
            String folder = kind.isOfFiles() ? "photos" : name;
            String what = kind.isOfFiles() ? "your" : "the " + name;
            settings.missing(
                    "path", "the folder of " + what + " files, such as --set data.path=data/" + folder, "kind");
        }
        return new DataConfig(
                kind,
                path,
                download,
                settings.optionalText("mirror"),
                settings.optionalText("embeddings")
                        .orElse(kind == Kind.DIGITS ? EMBEDDINGS + runName : apart(path, runName)),
                settings.number("validation-fraction", Range.halfOpen(0, 1)),
                FilesConfig.read(settings.section("files")),
                Digits.read(settings.section("digits")));
    }

    /** Where embeddings lie unless the user says it: not below the images that they are made of. */
    private static String apart(Optional<String> path, String runName) {
        String usual = EMBEDDINGS + runName;
        return path.filter(images -> resolved(usual).startsWith(resolved(images) + File.separator))
                .map(images -> "embeddings/" + runName)
                .orElse(usual);
    }

    /** A path in full, if it is one of this machine. */
    private static String resolved(String path) {
        try {
            return new File(path.replaceFirst("^file:/+", "/")).getCanonicalPath();
        } catch (IOException e) {
            return path;
        }
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("kind", Settings.kebab(kind));
        settings.put("path", path.orElse(null));
        settings.put("download", download);
        settings.put("mirror", mirror.orElse(null));
        settings.put("embeddings", embeddings);
        settings.put("validation-fraction", validationFraction);
        settings.put("files", files.settings());
        settings.put("digits", Map.of("train", digits.train, "test", digits.test, "seed", digits.seed));
        return settings;
    }
}
