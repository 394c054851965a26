package org.noprop.tensor;

import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;

/** What JavaCPP sees of the process's memory every few milliseconds: for systems without a mark of their own. */
final class SampledPeak implements ResidentPeak {
    private static final long PERIOD_MILLISECONDS = 2;

    private final AtomicLong highest = new AtomicLong();
    private final Thread sampler = new Thread(this::sample, "memory-sampler");

    SampledPeak() {
        sampler.setDaemon(true);
        sampler.start();
    }

    @Override
    public long now() {
        long bytes = Pointer.physicalBytes();
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
