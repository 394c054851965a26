package org.noprop.tensor;

/** The GPUs that this process sees, numbered from 0. */
public interface GpuDevices {

    /** How many. */
    int count();

    /** The generation of a device, in 0 … count-1. */
    ComputeCapability capability(int device);

    /** Bytes of a device's memory that nobody has taken, in 0 … count-1. */
    long freeBytes(int device);

    /** All bytes of a device's memory, in 0 … count-1. */
    long totalBytes(int device);

    /** Makes the calling thread compute on a device, in 0 … count-1. */
    void attach(int device);
}
