package org.noprop.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;

/** Bytes that Linux holds for this process, by the kernel's own figures. */
public final class ProcessMemory {
    private ProcessMemory() {}

    /** In memory now. */
    public static long resident() {
        return KernelPeak.resident();
    }

    /** In memory when what nobody holds any more has been freed. */
    public static long residentAfterCollection() throws InterruptedException {
        collect();
        return resident();
    }

    /** Collects garbage, until what hung on it outside the heap is freed, too. */
    public static void collect() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            ManagementFactory.getMemoryMXBean().gc();
            Thread.sleep(250); // ND4J's and JavaCPP's threads free what the collection found
        }
    }

    /** Sets the high-water mark to what is in memory, and returns that. */
    public static long startPeak() {
        try (KernelPeak peak = new KernelPeak()) {
            return peak.now();
        } catch (IOException e) {
            throw new UncheckedIOException("The measurement needs Linux' own high-water mark", e);
        }
    }

    /** The most that was in memory since the high-water mark was set, or since the process began. */
    public static long highest() {
        return KernelPeak.highWaterMark();
    }
}
