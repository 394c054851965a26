package org.noprop.tensor;

/**
 * The generation of an NVIDIA device, which decides what machine code it runs.
 *
 * @param major before the dot, at least 1
 * @param minor behind it, 0 … 9
 */
public record ComputeCapability(int major, int minor) implements Comparable<ComputeCapability> {
    /** The oldest that nd4j-cuda-11.6 holds machine code for. */
    static final ComputeCapability LEAST = new ComputeCapability(3, 7);
    /** The newest: code for 8.6 runs on 8.9, but not on 9.0, and nd4j-cuda-11.6 holds none that a driver could translate. */
    static final ComputeCapability MOST = new ComputeCapability(8, 9);

    /** Whether nd4j-cuda-11.6 runs on such a device. */
    public boolean isSupported() {
        return compareTo(LEAST) >= 0 && compareTo(MOST) <= 0;
    }

    @Override
    public int compareTo(ComputeCapability other) {
        return major == other.major ? Integer.compare(minor, other.minor) : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
