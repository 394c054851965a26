package org.noprop.training;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.noprop.tensor.MemoryMeter;

/** Measures the memory of training, each subject in a process of its own with this JVM's class path. */
public final class MemoryMeasurement {
    /** Freed memory goes back to the operating system at once, so that none of it is used again unseen. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "MALLOC_ARENA_MAX", "1",
            "MALLOC_MMAP_THRESHOLD_", "65536",
            "MALLOC_TRIM_THRESHOLD_", "65536",
            "OMP_NUM_THREADS", "1");

    /** The optimising compiler takes tens of megabytes while it works, at times that nobody can tell. */
    private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

    private static final int HEAP_MEGABYTES = 256;
    /** Optimiser state, Java's copies and the drawing of initial weights. */
    private static final int HEAP_MEGABYTES_PER_BLOCK = 24;

    private MemoryMeasurement() {}

    /**
     * Trains the subject for a few steps elsewhere and reports its memory.
     *
     * @throws IllegalStateException with the process's output if it failed
     */
    public static MemoryReport measure(MemorySubject subject) {
        try {
            Process process = start(subject);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            return output.lines()
                    .filter(line -> line.startsWith(MemoryProbe.MARK))
                    .map(line -> MemoryReport.parse(line.substring(MemoryProbe.MARK.length())))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalStateException("Measuring memory ended with code " + code + ":\n" + output));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a process to measure memory in", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while measuring memory", e);
        }
    }

    private static Process start(MemorySubject subject) throws IOException {
        String heap = HEAP_MEGABYTES + HEAP_MEGABYTES_PER_BLOCK * subject.blocks() + "m";
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms" + heap, "-Xmx" + heap));
        command.addAll(MemoryMeter.JVM_OPTIONS);
        command.add(QUICK_COMPILER);
        command.addAll(List.of("-cp", classPath(), MemoryProbe.class.getName()));
        command.addAll(subject.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(ENVIRONMENT);
        return builder.start();
    }

    /** This class's own jar first: spark-submit leaves it out of the JVM's class path. */
    private static String classPath() {
        String own = Path.of(URI.create(MemoryProbe.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
        return own + File.pathSeparator + System.getProperty("java.class.path");
    }
}
