package org.noprop.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What tasks may use.
 *
 * @param startTimeout how long to wait for executors, or for room on them, before giving up
 * @param stallTimeout how long training may make no progress before giving up
 * @param device what blocks and baseline are trained and evaluated on
 * @param tasksPerGpu how many tasks share a GPU at the same time, at least 1
 * @param gpusPerExecutor GPUs of an executor that is started for training alone, at least 1
 * @param gpuDiscoveryScript what lists the GPUs of such an executor; none where the cluster manager knows them
 * @param fallback what to do where a GPU is asked for and this program was not built for one
 */
public record ResourcesConfig(
        Duration startTimeout,
        Duration stallTimeout,
        Device device,
        int tasksPerGpu,
        int gpusPerExecutor,
        Optional<String> gpuDiscoveryScript,
        Fallback fallback) {

    /** What tasks compute on. */
    public enum Device {
        /** Cores. */
        CPU,
        /** NVIDIA GPUs that Spark schedules. */
        GPU
    }

    /** What stands in for a GPU. */
    public enum Fallback {
        /** Nothing: the job is refused. */
        NONE,
        /** A core, while Spark goes on scheduling GPUs. */
        CPU
    }

    static ResourcesConfig read(Settings settings) {
        return new ResourcesConfig(
                settings.duration("start-timeout"),
                settings.duration("stall-timeout"),
                settings.choice("device", Device.class),
                settings.wholeNumber("tasks-per-gpu", Range.atLeast(1)),
                settings.wholeNumber("gpus-per-executor", Range.atLeast(1)),
                settings.optionalText("gpu-discovery-script"),
                settings.choice("fallback", Fallback.class));
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("start-timeout", startTimeout.toMillis() / 1000.0 + "s");
        settings.put("stall-timeout", stallTimeout.toMillis() / 1000.0 + "s");
        settings.put("device", Settings.kebab(device));
        settings.put("tasks-per-gpu", tasksPerGpu);
        settings.put("gpus-per-executor", gpusPerExecutor);
        settings.put("gpu-discovery-script", gpuDiscoveryScript.orElse(null));
        settings.put("fallback", Settings.kebab(fallback));
        return settings;
    }
}
