package org.noprop.tensor;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How much memory this process has taken above an idle state: its peak outside the Java heap, and what lies
 * on the heap after a collection.
 *
 * <p>Outside the heap means everything that the operating system holds in memory for the process, so the
 * heap itself must not move: measure in a {@link MeasuredJvm}, whose heap is in memory from its start. One
 * meter at a time.
 */
public final class MemoryMeter implements AutoCloseable {
    /** ND4J frees what collections find in threads of its own; several collections follow chains of references. */
    private static final int COLLECTIONS = 4;

    private static final long MILLISECONDS_TO_FREE = 100;

    private final long idleHeap;
    private final long idleNative;
    private final ResidentPeak peak;
    private final Optional<ResidentPeak> devicePeak;
    private final long idleDevice;

    private MemoryMeter(Supplier<Optional<ResidentPeak>> device) {
        this.idleHeap = collectedHeap();
        this.peak = ResidentPeak.start();
        this.idleNative = peak.now();
        this.devicePeak = device.get();
        this.idleDevice = devicePeak.map(ResidentPeak::now).orElse(0L);
    }

    /**
     * Collects garbage, and takes the present state as idle.
     *
     * @throws IllegalStateException if the heap may still grow
     */
    public static MemoryMeter idle() {
        return start(Optional::empty);
    }

    /**
     * The same with the memory of a GPU, by what its driver counts: of all processes that use it, so that no other may.
     *
     * @param device its number as this process sees it
     * @throws IllegalStateException if the heap may still grow
     */
    public static MemoryMeter idleWithGpu(int device) {
        return idle(new CudaDevices(), device);
    }

    /** The same with one of {@code devices}. */
    static MemoryMeter idle(GpuDevices devices, int device) {
        return start(() -> Optional.of(SampledPeak.ofDevice(devices, device)));
    }

    private static MemoryMeter start(Supplier<Optional<ResidentPeak>> device) {
        if (!MeasuredJvm.heapIsFixed()) {
            throw new IllegalStateException(
                    "The memory meter needs a heap of fixed size that is in memory: equal -Xms and -Xmx, and"
                            + " -XX:+AlwaysPreTouch");
        }
        return new MemoryMeter(device);
    }

    /**
     * What was found.
     *
     * @param nativeBytes peak outside the Java heap since idle, above idle
     * @param heapBytes on the Java heap after a collection, above idle; negative if it holds less than then
     * @param deviceBytes peak on the GPU since idle, above idle; 0 without one
     */
    public record Reading(long nativeBytes, long heapBytes, long deviceBytes) {}

    /** Reads the peak so far, then collects garbage and reads the heap. */
    public Reading read() {
        long nativeBytes = peak.highest() - idleNative;
        long deviceBytes = devicePeak.map(ResidentPeak::highest).orElse(idleDevice) - idleDevice;
        return new Reading(nativeBytes, collectedHeap() - idleHeap, deviceBytes);
    }

    /** Stops watching. */
    @Override
    public void close() {
        peak.close();
        devicePeak.ifPresent(ResidentPeak::close);
    }

    private static long collectedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        try {
            for (int i = 0; i < COLLECTIONS; i++) {
                memory.gc();
                Thread.sleep(MILLISECONDS_TO_FREE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }
}
