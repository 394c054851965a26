package org.noprop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Presets of tests, and what is said of them.
 *
 * @param folder where their file lies
 */
record Presets(Path folder) {

    /** A preset of this text. */
    Path file(String text) {
        try {
            return Files.writeString(folder.resolve("x.conf"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sentences that refuse it. */
    List<String> problems(String text, String... overrides) {
        Path preset = file(text);
        InvalidConfigException e =
                catchThrowableOfType(InvalidConfigException.class, () -> ConfigReader.read(preset, List.of(overrides)));
        assertThat(e).as("the exception for %s %s", text, List.of(overrides)).isNotNull();
        return e.problems().stream()
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }
}
