package org.noprop.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a preset over the defaults of {@code reference.conf}, and overrides over both. */
public final class ConfigReader {
    private ConfigReader() {}

    /**
     * The configuration of a preset and overrides.
     *
     * @param preset a HOCON file that holds what differs from {@code reference.conf}
     * @param overrides {@code key=value} each, with or without {@code noprop.} before the key
     * @throws InvalidConfigException with a sentence for every mistake
     */
    public static NoPropConfig read(Path preset, List<String> overrides) {
        return read(nameOf(preset), overrides, parse(preset));
    }

    /**
     * The defaults with overrides.
     *
     * @param name of the configuration, as a preset's file would have it
     * @param overrides {@code key=value} each, with or without {@code noprop.} before the key
     * @throws InvalidConfigException with a sentence for every mistake
     */
    public static NoPropConfig read(String name, List<String> overrides) {
        return read(name, overrides, ConfigFactory.empty());
    }

    private static NoPropConfig read(String name, List<String> overrides, Config preset) {
        List<String> problems = new ArrayList<>();
        Config reference = ConfigFactory.parseResources(ConfigReader.class.getClassLoader(), "reference.conf")
                .withOnlyPath("noprop");
        ConfigObject merged = merge(Overrides.parse(overrides, problems), preset, reference);
        KnownKeys known = new KnownKeys(reference.root());
        problems.addAll(known.problems(merged));
        NoPropConfig config = sections(known.withSections(merged), name, problems);
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        return config;
    }

    private static Config parse(Path preset) {
        if (!Files.isRegularFile(preset)) {
            throw mistake("Cannot read " + preset
                    + ": there is no such file (--config takes a preset such as conf/quickstart.conf)");
        }
        return resolved(
                preset.toString(),
                () -> ConfigFactory.parseFile(
                        preset.toFile(),
                        ConfigParseOptions.defaults().setAllowMissing(false).setIncluder(new FileIncluder(null))));
    }

    private static ConfigObject merge(Config overrides, Config preset, Config reference) {
        return resolved("the settings", () -> overrides
                        .withFallback(preset)
                        .withFallback(reference)
                        .resolve())
                .root();
    }

    private static Config resolved(String source, Supplier<Config> config) {
        try {
            return config.get();
        } catch (ConfigException.IO e) {
            throw mistake("Cannot read " + source + ": " + detail(e));
        } catch (ConfigException.UnresolvedSubstitution e) {
            throw mistake("Cannot resolve " + substitution(e) + Origins.suffix(e.origin()));
        } catch (ConfigException e) {
            throw mistake("Syntax error: " + detail(e) + Origins.suffix(e.origin()));
        }
    }

    private static InvalidConfigException mistake(String sentence) {
        return new InvalidConfigException(List.of(sentence));
    }

    private static String substitution(ConfigException.UnresolvedSubstitution e) {
        Matcher name = Pattern.compile("\\$\\{[^}]*}").matcher(e.getMessage());
        return name.find() ? name.group() + ": it is neither a key nor an environment variable" : "a substitution";
    }

    /** What the library says, without the origin and Java's names before it and the hints after it. */
    private static String detail(ConfigException e) {
        String origin = e.origin() == null ? "" : e.origin().description() + ": ";
        return e.getMessage()
                .replace(origin, "")
                .replaceFirst("^[\\w.]+Exception: ", "")
                .replaceFirst("(?s)\\s*\\(.*", "");
    }

    private static NoPropConfig sections(ConfigObject root, String presetName, List<String> problems) {
        Settings noprop = new Settings("noprop", (ConfigObject) root.get("noprop"), problems);
        RunConfig run = RunConfig.read(noprop.section("run"), presetName);
        DataConfig data = DataConfig.read(noprop.section("data"), run.name());
        EmbeddingConfig embedding = EmbeddingConfig.read(noprop.section("embedding"));
        DiffusionConfig diffusion = DiffusionConfig.read(noprop.section("diffusion"));
        LabelConfig label = LabelConfig.read(noprop.section("label"), diffusion.method(), embedding);
        boolean shared = diffusion.shares(label.embedding().isTrained());
        TrainingConfig training = TrainingConfig.read(noprop.section("training"), diffusion.method(), shared, data);
        ResourcesConfig resources = ResourcesConfig.read(noprop.section("resources"));
        return new NoPropConfig(
                run,
                data,
                embedding,
                label,
                diffusion,
                NetworkConfig.read(noprop.section("network"), embedding),
                training,
                BaselineConfig.read(noprop.section("baseline"), training, resources.device()),
                resources,
                InferenceConfig.read(noprop.section("inference"), diffusion),
                EvaluationConfig.read(noprop.section("evaluation"), data),
                TrackingConfig.read(noprop.section("tracking")));
    }

    private static String nameOf(Path preset) {
        return preset.getFileName().toString().replaceFirst("\\.(conf|json|properties)$", "");
    }

    /** Includes files, as presets do, and nothing from elsewhere: a preset is a file that others hand on. */
    private record FileIncluder(ConfigIncluder library)
            implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return new FileIncluder(fallback);
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            if (what.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
                throw refused(what);
            }
            return library.include(context, what);
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            return ((ConfigIncluderFile) library).includeFile(context, what);
        }

        @Override
        public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
            throw refused(what.toString());
        }

        @Override
        public ConfigObject includeResources(ConfigIncludeContext context, String what) {
            throw refused(what);
        }

        private static InvalidConfigException refused(String what) {
            return mistake("Cannot include " + what + ": settings include files alone, as in include \"other.conf\"");
        }
    }
}
