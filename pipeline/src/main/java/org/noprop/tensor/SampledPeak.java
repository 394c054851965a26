package org.noprop.tensor;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.bytedeco.javacpp.Pointer;

/** The most of a figure that is looked at every few milliseconds: for memory that has no mark of its own. */
final class SampledPeak implements ResidentPeak {
    private static final long PERIOD_MILLISECONDS = 2;

    private final LongSupplier taken;
    private final AtomicLong highest = new AtomicLong();
    private final Thread sampler = new Thread(this::sample, "memory-sampler");

    /** Of the process, as JavaCPP sees it. */
    SampledPeak() {
        this(Pointer::physicalBytes);
    }

    /** Of a device, as its driver counts it: of all processes that use it. */
    static SampledPeak ofDevice(GpuDevices devices, int device) {
        return new SampledPeak(() -> devices.totalBytes(device) - devices.freeBytes(device));
    }

    private SampledPeak(LongSupplier taken) {
        this.taken = taken;
        sampler.setDaemon(true);
        sampler.start();
    }

    @Override
    public long now() {
        long bytes = taken.getAsLong();
        highest.accumulateAndGet(bytes, Math::max);
        return bytes;
    }

    @Override
    public long highest() {
        now();
        return highest.get();
    }

    @Override
    public void close() {
        sampler.interrupt();
    }

    private void sample() {
        try {
            while (true) {
                now();
                Thread.sleep(PERIOD_MILLISECONDS);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
