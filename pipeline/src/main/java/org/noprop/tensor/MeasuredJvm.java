package org.noprop.tensor;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Java process whose memory tells what a program takes: this Java and class path, a heap of fixed size that
 * is in memory from the start, one thread that collects garbage, and only the compiler that needs little
 * memory itself. What then moves is native memory, and the heap's content.
 */
public final class MeasuredJvm {
    private static final int LINES_OF_LOG = 20;
    private static final long HOURS_AT_MOST = 2;
    /** One native thread, as a task has. Freed memory leaves the process at once, or later arrays would lie in it unseen. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "OMP_NUM_THREADS", "1",
            "MALLOC_ARENA_MAX", "1",
            "MALLOC_MMAP_THRESHOLD_", "65536",
            "MALLOC_TRIM_THRESHOLD_", "65536");

    private static final String PRE_TOUCH = "-XX:+AlwaysPreTouch";

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
     * @throws IllegalStateException with the end of its log if it fails, or has not ended after two hours
     */
    public void run(String... arguments) {
        try {
            Path log = Files.createTempFile("noprop-measured", ".log");
            try {
                ProcessBuilder builder = new ProcessBuilder(command(arguments))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
                builder.environment().putAll(ENVIRONMENT);
                await(builder.start(), log);
            } finally {
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a process to measure memory in", e);
        }
    }

    /** Whether this process's heap has its final size and is in memory. */
    static boolean heapIsFixed() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return heap.getInit() >= heap.getMax()
                && ManagementFactory.getRuntimeMXBean().getInputArguments().contains(PRE_TOUCH);
    }

    private void await(Process process, Path log) throws IOException {
        try {
            boolean ended = process.waitFor(HOURS_AT_MOST, TimeUnit.HOURS);
            if (!ended || process.exitValue() != 0) {
                List<String> lines = Files.readAllLines(log);
                int from = Math.max(0, lines.size() - LINES_OF_LOG);
                String how = ended ? "ended with code " + process.exitValue() : "has not ended in 2 hours";
                throw new IllegalStateException(
                        "The measured process " + how + ":\n" + String.join("\n", lines.subList(from, lines.size())));
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
                PRE_TOUCH,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-Dorg.bytedeco."))
                .forEach(command::add);
        // JavaCPP's own limits follow from the heap's size, and make it collect garbage as they come near.
        command.addAll(List.of("-Dorg.bytedeco.javacpp.maxbytes=0", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"));
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
