package org.noprop.tensor;

import org.bytedeco.javacpp.Pointer;

/** The memory outside the Java heap, where tensors of ND4J lie. */
public final class NativeMemory {
    private NativeMemory() {}

    /** Bytes that the operating system has free, for this process or another. */
    public static long free() {
        return Pointer.availablePhysicalBytes();
    }

    /**
     * Bytes that ND4J could still take: the least of what the operating system has free and what
     * {@code org.bytedeco.javacpp.maxbytes} leaves.
     */
    public static long available() {
        long limit = Pointer.maxBytes();
        return limit > 0 ? Math.min(free(), limit - Pointer.totalBytes()) : free();
    }
}
