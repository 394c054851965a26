package org.noprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/**
 * A Python environment that a test makes under the checkout's {@code target/}, for all modules, with packages of PyPI. Where there is no Python or no
 * package, the test is skipped with the reason; with NOPROP_REQUIRE_PYTHON=true it fails.
 */
public final class Python {
    private static final boolean REQUIRED = Boolean.parseBoolean(System.getenv("NOPROP_REQUIRE_PYTHON"));

    private final Path home;

    private Python(Path home) {
        this.home = home;
    }

    /** What a program left behind. */
    public record Outcome(int exitCode, String output) {}

    /**
     * An environment with these packages.
     *
     * @param name of its folder
     * @param pins as pip takes them, with versions
     */
    public static Python with(String name, String... pins) {
        Path home = Path.of("..", "target", "python", name + "-" + Integer.toHexString(Arrays.hashCode(pins)))
                .toAbsolutePath()
                .normalize();
        Path ready = home.resolve("ready");
        Python python = new Python(home);
        if (!Files.exists(ready)) {
            make(home, pins);
            write(ready, String.join("\n", pins));
        }
        return python;
    }

    private static void make(Path home, String... pins) {
        require(run(Map.of(), home.getParent(), List.of("python3", "-m", "venv", "--clear", home.toString())));
        List<String> install = new ArrayList<>(List.of(home + "/bin/pip", "install", "--quiet", "--no-compile"));
        install.addAll(List.of(pins));
        require(run(Map.of(), home, install));
    }

    private static void require(Outcome outcome) {
        if (outcome.exitCode != 0) {
            String reason = "no Python environment could be made: " + outcome.output.strip();
            if (REQUIRED) {
                throw new AssertionError(reason);
            }
            throw new TestAbortedException(reason);
        }
    }

    /** The environment's folder of programs. */
    public Path bin() {
        return home.resolve("bin");
    }

    /** Runs a Python program, which must end well, and gives what it printed. */
    public String run(Map<String, String> environment, String... arguments) {
        List<String> line = new ArrayList<>(List.of(bin().resolve("python").toString()));
        line.addAll(List.of(arguments));
        Outcome outcome = run(environment, home, line);
        assertThat(outcome.exitCode).as(outcome.output).isZero();
        return outcome.output;
    }

    private static Outcome run(Map<String, String> environment, Path directory, List<String> line) {
        try {
            Files.createDirectories(directory);
            ProcessBuilder builder =
                    new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (IOException e) {
            return new Outcome(-1, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
