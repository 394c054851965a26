package org.noprop.tensor;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Java process whose memory tells what a program takes: this Java and class path, a heap of fixed size that
 * is in memory from the start, one thread that collects garbage, and only the compiler that needs little
 * memory itself. What then moves is native memory, and the heap's content.
 */
public final class MeasuredJvm {
    private static final int LINES_OF_LOG = 20;
    private static final String ONE = "1";

    private final Class<?> program;
    private final long heapBytes;

    /**
     * A process to come.
     *
     * @param program has a main method
     * @param heapBytes of its Java heap, all of it in memory from the start
     */
    public MeasuredJvm(Class<?> program, long heapBytes) {
        this.program = program;
        this.heapBytes = heapBytes;
    }

    /**
     * Runs the program to its end.
     *
     * @throws IllegalStateException with the end of its log if it fails
     */
    public void run(String... arguments) {
        try {
            Path log = Files.createTempFile("noprop-measured", ".log");
            try {
                ProcessBuilder builder = new ProcessBuilder(command(arguments))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
                // One native thread, as a task has.
                builder.environment().putIfAbsent("OMP_NUM_THREADS", ONE);
                await(builder.start(), log);
            } finally {
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a process to measure memory in", e);
        }
    }

    private void await(Process process, Path log) throws IOException {
        try {
            int code = process.waitFor();
            if (code != 0) {
                List<String> lines = Files.readAllLines(log);
                int from = Math.max(0, lines.size() - LINES_OF_LOG);
                throw new IllegalStateException("The measured process ended with code " + code + ":\n"
                        + String.join("\n", lines.subList(from, lines.size())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while measuring memory", e);
        } finally {
            process.destroy();
        }
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xms" + heapBytes,
                "-Xmx" + heapBytes,
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-Dorg.bytedeco."))
                .forEach(command::add);
        command.addAll(List.of("-cp", classPath(), program.getName()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** This process's; spark-submit keeps the program's own jar out of it. */
    private String classPath() {
        try {
            String own = Path.of(program.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
            String known = System.getProperty("java.class.path");
            boolean contained = Stream.of(known.split(File.pathSeparator, -1)).anyMatch(own::equals);
            return contained ? known : own + File.pathSeparator + known;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The program's own jar has no path", e);
        }
    }
}
