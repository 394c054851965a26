package org.noprop.tensor;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The devices that CUDA shows to ND4J. */
final class CudaDevices implements GpuDevices {

    @Override
    public int count() {
        return library().getAvailableDevices();
    }

    @Override
    public ComputeCapability capability(int device) {
        return new ComputeCapability(library().getDeviceMajor(device), library().getDeviceMinor(device));
    }

    @Override
    public long freeBytes(int device) {
        return library().getDeviceFreeMemory(device);
    }

    @Override
    public long totalBytes(int device) {
        return library().getDeviceTotalMemory(device);
    }

    @Override
    public void attach(int device) {
        Nd4j.getAffinityManager().unsafeSetDevice(device);
    }

    private static NativeOps library() {
        return NativeOpsHolder.getInstance().getDeviceNativeOps();
    }
}
