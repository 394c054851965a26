package org.noprop.config;

import java.time.Duration;
import java.util.Map;

/**
 * Where runs go and what seeds them.
 *
 * @param name the configuration's name, the first part of a run's id: that of the preset's file unless set
 * @param dir folder of all runs, a path of any Hadoop file system
 * @param seed what every random draw is a function of
 * @param lockTimeout after how much silence of a job its run may be taken over
 */
public record RunConfig(String name, String dir, long seed, Duration lockTimeout) {
    static RunConfig read(Settings settings, String presetName) {
        String name = settings.isSet("name") ? settings.text("name") : presetName;
        if (!name.matches("[A-Za-z0-9._-]+")) {
            String rule = "must consist of letters, digits, '.', '_' and '-'";
            settings.invalid(
                    "name",
                    name,
                    settings.isSet("name") ? rule : rule + "; it is that of the preset's file unless set");
        } else if (name.matches("\\.+")) {
            settings.invalid("name", name, "must not consist of dots alone: folders are named after it");
        }
        return new RunConfig(name, settings.text("dir"), settings.seed("seed"), settings.duration("lock-timeout"));
    }

    RunConfig withSeed(long newSeed) {
        return new RunConfig(name, dir, newSeed, lockTimeout);
    }

    Map<String, Object> settings() {
        return Map.of("name", name, "dir", dir, "seed", seed, "lock-timeout", lockTimeout.toMillis() / 1000.0 + "s");
    }
}
