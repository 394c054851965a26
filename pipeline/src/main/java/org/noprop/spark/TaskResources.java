package org.noprop.spark;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ExecutorResourceRequests;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.noprop.config.ResourcesConfig;
import org.noprop.data.InvalidInputException;
import org.noprop.tensor.NativeBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stages that compute ask Spark for: a GPU a task, where noprop.resources.device says so. Stages that
 * only read and write ask for nothing, so that they run on any core.
 */
final class TaskResources {
    /** Spark's name of the resource. */
    static final String GPU = "gpu";

    private static final Logger LOG = LoggerFactory.getLogger(TaskResources.class);
    private static final String EXECUTOR_AMOUNT = "spark.executor.resource.gpu.amount";
    private static final String TASK_AMOUNT = "spark.task.resource.gpu.amount";
    private static final String KUBERNETES_VENDOR = "nvidia.com";

    private final Optional<ResourceProfile> profile;
    private final TaskDevice device;

    private TaskResources(Optional<ResourceProfile> profile, TaskDevice device) {
        this.profile = profile;
        this.device = device;
    }

    /**
     * The resources of a driver's stages.
     *
     * @throws InvalidInputException in one sentence, if GPUs are asked for that this program or Spark's settings
     *     cannot give
     */
    static TaskResources of(JavaSparkContext spark, ResourcesConfig resources) {
        TaskDevice device = TaskDevice.of(resources);
        if (!device.gpu()) {
            return new TaskResources(Optional.empty(), device);
        }
        boolean cuda = NativeBackend.isCudaBuild();
        if (!cuda && !device.fallback()) {
            throw new InvalidInputException("noprop.resources.device is gpu and this program was built without CUDA;"
                    + " build with mvn -Pcuda package, or set noprop.resources.fallback = cpu");
        }
        if (!spark.isLocal()) {
            return new TaskResources(Optional.of(profile(spark.getConf(), resources)), device);
        }
        if (cuda && spark.defaultParallelism() > resources.tasksPerGpu()) {
            throw new InvalidInputException("Spark's local mode does not schedule GPUs, and " + spark.master()
                    + " would run " + spark.defaultParallelism()
                    + " tasks on the first one where noprop.resources.tasks-per-gpu is " + resources.tasksPerGpu()
                    + "; use local[" + resources.tasksPerGpu() + "]");
        }
        LOG.warn("Spark's local mode does not schedule GPUs: dropping the request for one a task{}", where(cuda));
        return new TaskResources(Optional.empty(), device);
    }

    private static String where(boolean cuda) {
        return cuda
                ? ", which all run on the first one"
                : "; tasks compute on cores, as noprop.resources.fallback says";
    }

    /**
     * What a stage on a cluster asks for. Executors that have GPUs already serve as they are; where dynamic
     * allocation may start executors for a stage, and the others have no GPU, it starts such with GPUs.
     */
    static ResourceProfile profile(SparkConf conf, ResourcesConfig resources) {
        boolean started = conf.contains(EXECUTOR_AMOUNT);
        if (!started && !conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            throw new InvalidInputException("noprop.resources.device is gpu and executors have no GPUs; set "
                    + EXECUTOR_AMOUNT + ", as the GPU profiles in conf/spark/ do");
        }
        ResourceProfileBuilder builder = new ResourceProfileBuilder();
        int gpus = started ? conf.getInt(EXECUTOR_AMOUNT, 1) : resources.gpusPerExecutor();
        if (started) {
            requireSlots(conf, resources.tasksPerGpu());
        } else {
            builder.require(executor(conf, resources));
        }
        int cores = conf.getInt("spark.executor.cores", 1);
        int cpus = Math.max(conf.getInt("spark.task.cpus", 1), cores / (gpus * resources.tasksPerGpu()));
        return builder.require(new TaskResourceRequests().cpus(cpus).resource(GPU, 1.0 / resources.tasksPerGpu()))
                .build();
    }

    /** Lets the tasks of a stage ask for these resources. */
    <T> JavaRDD<T> on(JavaRDD<T> tasks) {
        return profile.map(tasks::withResources).orElse(tasks);
    }

    /** What a task asks for: "2 cores and 1 GPU". */
    String describe(SparkConf conf) {
        int cores = profile.flatMap(
                        given -> Optional.ofNullable(given.taskResourcesJMap().get(ResourceProfile.CPUS())))
                .map(request -> (int) request.amount())
                .orElseGet(() -> conf.getInt("spark.task.cpus", 1));
        String gpus = profile.flatMap(
                        given -> Optional.ofNullable(given.taskResourcesJMap().get(GPU)))
                .map(request -> request.amount() == 1 ? " and 1 GPU" : " and " + request.amount() + " GPUs")
                .orElse("");
        return ExecutorSupply.count(cores, "core") + gpus;
    }

    /** What each of those tasks computes on. */
    TaskDevice device() {
        return device;
    }

    /**
     * An executor counts how many tasks a GPU takes by spark.task.resource.gpu.amount, whatever a stage asks for:
     * with another amount than the stage's, two tasks could share a GPU (SPARK-45527), or half of it lie idle.
     */
    private static void requireSlots(SparkConf conf, int tasksPerGpu) {
        double amount = conf.getDouble(TASK_AMOUNT, 1);
        if (Math.round(1 / amount) != tasksPerGpu) {
            throw new InvalidInputException(TASK_AMOUNT + " is " + amount + " and noprop.resources.tasks-per-gpu is "
                    + tasksPerGpu + "; set " + TASK_AMOUNT + "=" + 1.0 / tasksPerGpu
                    + ", which is what Spark gives out on an executor");
        }
    }

    private static ExecutorResourceRequests executor(SparkConf conf, ResourcesConfig resources) {
        ExecutorResourceRequests executor = new ExecutorResourceRequests()
                .memory(conf.get("spark.executor.memory", "1g"))
                .resource(
                        GPU,
                        resources.gpusPerExecutor(),
                        resources.gpuDiscoveryScript().orElse(""),
                        conf.get("spark.master", "").startsWith("k8s") ? KUBERNETES_VENDOR : "");
        if (conf.contains("spark.executor.cores")) {
            executor.cores(conf.getInt("spark.executor.cores", 1));
        }
        if (conf.contains("spark.executor.memoryOverhead")) {
            executor.memoryOverhead(conf.get("spark.executor.memoryOverhead"));
        }
        return executor;
    }
}
