package org.noprop.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures how far the memory of this process rises above what it is now: native memory at its peak, as the
 * operating system counts it, and the Java heap after a collection. Linux only.
 *
 * <p>The heap must have its final size and be in memory from the start, so that the resident size of the
 * process grows by native memory only; {@link #JVM_OPTIONS} say so.
 */
public final class MemoryMeter {
    /** What the JVM needs besides equal -Xms and -Xmx. */
    public static final List<String> JVM_OPTIONS = List.of("-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

    private static final Path PROCESS = Path.of("/proc/self");
    private static final String RESET_PEAK = "5";
    private static final int COLLECTIONS = 4;
    private static final int PAUSE_MILLIS = 100;

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final long idleResident;
    private final long idleHeap;
    private final long idleCode;

    /**
     * Bytes above idle.
     *
     * @param nativePeak the most that was resident outside the Java heap, the JVM's code not counted
     * @param heap live objects on the Java heap
     * @param code what the JVM loaded and compiled meanwhile
     */
    public record Reading(long nativePeak, long heap, long code) {
        /** Native and heap together. */
        public long total() {
            return nativePeak + heap;
        }
    }

    private MemoryMeter() {
        this.idleHeap = usedHeap();
        this.idleCode = code();
        try {
            Files.writeString(PROCESS.resolve("clear_refs"), RESET_PEAK);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot reset the peak of the resident memory", e);
        }
        this.idleResident = status("VmRSS:");
    }

    /**
     * Takes what the process uses now for idle.
     *
     * @throws IllegalStateException if the heap may still grow
     */
    public static MemoryMeter start() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        if (heap.getInit() < heap.getMax()
                || !ManagementFactory.getRuntimeMXBean().getInputArguments().containsAll(JVM_OPTIONS)) {
            throw new IllegalStateException(
                    "The memory meter needs a JVM whose heap cannot grow: give equal -Xms and -Xmx, and "
                            + String.join(" ", JVM_OPTIONS));
        }
        return new MemoryMeter();
    }

    /** What has been used since the start. */
    public Reading read() {
        long code = Math.max(0, code() - idleCode);
        long peak = status("VmHWM:") - idleResident;
        return new Reading(Math.max(0, peak - code), usedHeap() - idleHeap, code);
    }

    private long code() {
        return memory.getNonHeapMemoryUsage().getCommitted();
    }

    /** Native memory is freed by threads that hear of a collection, and then lets go of more of the heap. */
    private long usedHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
            pause();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long status(String field) {
        try (var lines = Files.lines(PROCESS.resolve("status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the memory of this process", e);
        }
    }
}
