package org.noprop.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.noprop.config.ResourcesConfig;
import org.noprop.data.InvalidInputException;
import org.noprop.tensor.GpuThread;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.UnsupportedGpuException;

/**
 * What a task is to compute on, as the driver tells it.
 *
 * @param gpu whether the GPU that Spark gives the task, rather than a core
 * @param fallback whether a core may stand in for it
 */
record TaskDevice(boolean gpu, boolean fallback) implements Serializable {
    /** The only GPU of local mode, where Spark gives out none. */
    private static final String FIRST = "0";

    static TaskDevice of(ResourcesConfig resources) {
        return new TaskDevice(
                resources.device() == ResourcesConfig.Device.GPU, resources.fallback() == ResourcesConfig.Fallback.CPU);
    }

    /**
     * Takes the task's GPU, on an executor, for the calling thread. Call it before anything computes.
     *
     * @return the GPU's address at its worker; none where the task computes on a core by intention
     * @throws InvalidInputException in one sentence, if ND4J cannot compute there
     */
    Optional<String> take() {
        try {
            NativeBackend backend = NativeBackend.load();
            if (!gpu) {
                requireCpu(backend);
                return Optional.empty();
            }
            String address = address();
            if (backend.isCuda() || !fallback) {
                GpuThread.attach(number(address));
            }
            return Optional.of(address);
        } catch (UnsupportedGpuException e) {
            throw new InvalidInputException(host() + ": " + e.getMessage(), e);
        }
    }

    /** The worker that gives GPUs to this executor: two of them on one host both call their first GPU "0". */
    static String worker() {
        List<String> command =
                Arrays.asList(System.getProperty("sun.java.command", "").split(" "));
        int option = command.indexOf("--worker-url");
        return option >= 0 && option + 1 < command.size() ? command.get(option + 1) : host();
    }

    private static void requireCpu(NativeBackend backend) {
        if (backend.isCuda()) {
            throw new InvalidInputException("This build computes by CUDA and noprop.resources.device is cpu;"
                    + " set noprop.resources.device = gpu, or use a build without -Pcuda");
        }
    }

    private static String address() {
        ResourceInformation given = TaskContext.get().resourcesJMap().get(TaskResources.GPU);
        return given == null ? FIRST : given.addresses()[0];
    }

    private static int number(String address) {
        try {
            return Integer.parseInt(address);
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    "Spark gave the task the GPU " + address + ", which is no number; the discovery script must list"
                            + " GPUs as CUDA numbers them, as conf/spark/discover-gpus does",
                    e);
        }
    }

    private static String host() {
        return SparkEnv.get().blockManager().blockManagerId().host();
    }
}
