package org.noprop.tensor;

import java.io.IOException;
import org.slf4j.LoggerFactory;

/** The most memory that the operating system has held for this process since a start. */
interface ResidentPeak extends AutoCloseable {

    /** Starts: by Linux' own high-water mark where it may be reset, by sampling elsewhere. */
    static ResidentPeak start() {
        try {
            return new KernelPeak();
        } catch (IOException e) {
            LoggerFactory.getLogger(ResidentPeak.class)
                    .warn("Sampling the process's memory, which misses short peaks: {}", e.toString());
            return new SampledPeak();
        }
    }

    /** Bytes in memory. */
    long now();

    /** The most bytes in memory since the start. */
    long highest();

    @Override
    void close();
}
