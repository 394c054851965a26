package org.noprop.tensor;

/**
 * Puts the thread of a task on the GPU that the task was given. ND4J, left alone, hands devices to threads in
 * turn, and knows nothing of who else was given which.
 */
public final class GpuThread {
    private GpuThread() {}

    /**
     * Attaches the calling thread to a device of CUDA.
     *
     * @param device its number as this process sees it
     * @throws UnsupportedGpuException in one sentence, if the backend is not CUDA, or ND4J cannot compute on that
     *     device
     */
    public static void attach(int device) {
        NativeBackend backend = NativeBackend.load();
        if (!backend.isCuda()) {
            throw new UnsupportedGpuException("A GPU was asked for and ND4J loaded its " + backend.backend()
                    + " backend; build with mvn -Pcuda package, or give resources.fallback = cpu");
        }
        attach(new CudaDevices(), device);
    }

    /** Attaches the calling thread to one of {@code devices}, after the checks. */
    static void attach(GpuDevices devices, int device) {
        if (device < 0 || device >= devices.count()) {
            throw new UnsupportedGpuException("The task was given GPU " + device + " and CUDA sees " + devices.count()
                    + " GPUs; check the discovery script, and CUDA_VISIBLE_DEVICES");
        }
        ComputeCapability capability = devices.capability(device);
        if (!capability.isSupported()) {
            throw new UnsupportedGpuException(
                    "GPU " + device + " has compute capability " + capability + ", and nd4j-cuda-11.6 runs on "
                            + ComputeCapability.LEAST + " to " + ComputeCapability.MOST
                            + " only; use another GPU, or a build without -Pcuda and resources.fallback = cpu");
        }
        devices.attach(device);
    }
}
