package org.noprop.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;

/** The values given on the command line as {@code key=value}, of which a later one wins. */
final class Overrides {
    private static final String ORIGIN = "--set";

    private Overrides() {}

    /**
     * The overrides as a configuration below {@code noprop}.
     *
     * @param assignments {@code key=value}, the key with or without {@code noprop.}; the value is taken as it is,
     *     without quotes, unless it is null or a list such as [8, 16]
     * @param problems receives a sentence for each that is not of that form
     */
    static Config parse(List<String> assignments, List<String> problems) {
        Config parsed = ConfigFactory.empty();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            try {
                String key = path(assignment.substring(0, Math.max(0, equals)).strip());
                String value = assignment.substring(equals + 1).strip();
                parsed = parsed.withValue(key, value(value));
            } catch (ConfigException.BadPath | ConfigException.Parse e) {
                problems.add("Invalid --set " + assignment + " (must be key=value)");
            }
        }
        return parsed;
    }

    private static ConfigValue value(String text) {
        if (text.equals("null")) {
            return ConfigValueFactory.fromAnyRef(null, ORIGIN);
        }
        if (!text.startsWith("[")) {
            return ConfigValueFactory.fromAnyRef(text, ORIGIN);
        }
        ConfigValue list = ConfigFactory.parseString("list = " + text).getValue("list");
        return list.withOrigin(ConfigOriginFactory.newSimple(ORIGIN));
    }

    private static String path(String key) {
        List<String> names = ConfigUtil.splitPath(key);
        return names.get(0).equals("noprop") ? key : "noprop." + key;
    }
}
