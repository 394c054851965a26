package org.noprop.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The keys of {@code reference.conf}, which are all that may be set. */
final class KnownKeys {
    private static final int NEAR = 3;
    private static final ConfigObject NOTHING = ConfigFactory.empty().root();

    private final ConfigObject reference;
    private final List<String> paths = new ArrayList<>();

    /** The keys of {@code reference}, an object with the one key {@code noprop}. */
    KnownKeys(ConfigObject reference) {
        this.reference = reference;
        walk(List.of(), reference, reference, (path, value) -> paths.add(path));
    }

    /**
     * The problems of a merged configuration that lie in its shape: keys that are not known, and single values
     * where a section belongs.
     */
    List<String> problems(ConfigObject merged) {
        Map<String, String> byPath = new TreeMap<>();
        walk(List.of(), merged, reference, (path, value) -> {
            if (!paths.contains(path)) {
                byPath.put(path, problem(path, value));
            }
        });
        return List.copyOf(byPath.values());
    }

    /** The merged configuration with the reference's sections wherever it has a single value in their place. */
    ConfigObject withSections(ConfigObject merged) {
        return withSections(merged, reference);
    }

    private static ConfigObject withSections(ConfigObject merged, ConfigObject known) {
        ConfigObject result = merged;
        for (Map.Entry<String, ConfigValue> entry : known.entrySet()) {
            if (entry.getValue() instanceof ConfigObject section) {
                ConfigValue value = merged.get(entry.getKey());
                ConfigObject mended = value instanceof ConfigObject object ? withSections(object, section) : section;
                result = result.withValue(entry.getKey(), mended);
            }
        }
        return result;
    }

    private String problem(String path, ConfigValue value) {
        if (paths.stream().anyMatch(known -> known.startsWith(path + "."))) {
            return Settings.invalid(path, value, "must be a section, { key = value }");
        }
        String advice = nearest(path)
                .map(known -> "; did you mean " + known + "?")
                .orElse("; reference.conf lists those that there are");
        return "Unknown key " + path + advice + Origins.suffix(value);
    }

    /** The known key that {@code path} was probably meant to be: few letters away, or of the same last name. */
    private Optional<String> nearest(String path) {
        String full = path.startsWith("noprop.") ? path : "noprop." + path;
        LevenshteinDistance distance = new LevenshteinDistance();
        Optional<String> closest = paths.stream().min(Comparator.comparingInt(known -> distance.apply(known, full)));
        if (closest.filter(known -> distance.apply(known, full) <= NEAR).isPresent()) {
            return closest;
        }
        String name = full.substring(full.lastIndexOf('.'));
        List<String> namesakes =
                paths.stream().filter(known -> known.endsWith(name)).toList();
        return namesakes.size() == 1 ? Optional.of(namesakes.get(0)) : Optional.empty();
    }

    /** Visits every value that is not a section; what stands in the place of a known single value is one value. */
    private static void walk(
            List<String> path, ConfigObject object, ConfigObject known, BiConsumer<String, ConfigValue> visitor) {
        object.forEach((key, value) -> {
            List<String> here = Stream.concat(path.stream(), Stream.of(key)).toList();
            ConfigValue counterpart = known.get(key);
            if (value instanceof ConfigObject section && (counterpart == null || counterpart instanceof ConfigObject)) {
                walk(here, section, counterpart == null ? NOTHING : (ConfigObject) counterpart, visitor);
            } else {
                visitor.accept(ConfigUtil.joinPath(here), value);
            }
        });
    }
}
