package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ExecutorResourceRequest;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.noprop.config.ResourcesConfig;
import org.noprop.config.ResourcesConfig.Device;
import org.noprop.config.ResourcesConfig.Fallback;
import org.noprop.data.InvalidInputException;

class TaskResourcesTest {

    private static ResourcesConfig gpus(int tasksPerGpu, Fallback fallback) {
        return new ResourcesConfig(
                Duration.ofMinutes(2),
                Duration.ofHours(2),
                Device.GPU,
                tasksPerGpu,
                2,
                Optional.of("/opt/discover-gpus"),
                fallback);
    }

    private static SparkConf conf(String... keysAndValues) {
        SparkConf conf = new SparkConf(false);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            conf.set(keysAndValues[i], keysAndValues[i + 1]);
        }
        return conf;
    }

    @Test
    void aTaskAsksForAGpuAndItsShareOfTheCores() {
        ResourceProfile profile = TaskResources.profile(
                conf("spark.executor.resource.gpu.amount", "2", "spark.executor.cores", "8"), gpus(1, Fallback.CPU));

        assertThat(task(profile)).isEqualTo(Map.of("gpu", 1.0, "cpus", 4.0));
        assertThat(profile.executorResourcesJMap()).isEmpty();
    }

    @Test
    void tasksShareAGpuOnlyIfBothSidesSaySo() {
        SparkConf halves = conf("spark.executor.resource.gpu.amount", "1", "spark.task.resource.gpu.amount", "0.5");

        assertThat(task(TaskResources.profile(halves, gpus(2, Fallback.CPU))))
                .isEqualTo(Map.of("gpu", 0.5, "cpus", 1.0));
        assertThatThrownBy(() -> TaskResources.profile(halves, gpus(1, Fallback.CPU)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("spark.task.resource.gpu.amount is 0.5 and noprop.resources.tasks-per-gpu is 1;"
                        + " set spark.task.resource.gpu.amount=1.0, which is what Spark gives out on an executor");
    }

    @Test
    void withoutGpusOnExecutorsTheUserIsToldWhatToSet() {
        assertThatThrownBy(() -> TaskResources.profile(conf(), gpus(1, Fallback.NONE)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("noprop.resources.device is gpu and executors have no GPUs; set"
                        + " spark.executor.resource.gpu.amount, as the GPU profiles in conf/spark/ do");
    }

    @Test
    void dynamicAllocationStartsExecutorsWithGpusForTrainingAlone() {
        ResourceProfile profile = TaskResources.profile(
                conf(
                        "spark.master", "k8s://https://cluster:6443",
                        "spark.dynamicAllocation.enabled", "true",
                        "spark.executor.cores", "4",
                        "spark.executor.memory", "6g",
                        "spark.executor.memoryOverhead", "3g"),
                gpus(1, Fallback.CPU));

        ExecutorResourceRequest gpu = profile.executorResourcesJMap().get("gpu");
        assertThat(gpu.amount()).isEqualTo(2);
        assertThat(gpu.discoveryScript()).isEqualTo("/opt/discover-gpus");
        assertThat(gpu.vendor()).isEqualTo("nvidia.com");
        assertThat(profile.executorResourcesJMap().get("cores").amount()).isEqualTo(4);
        assertThat(profile.executorResourcesJMap().get("memory").amount()).isEqualTo(6144);
        assertThat(profile.executorResourcesJMap().get("memoryOverhead").amount())
                .isEqualTo(3072);
        assertThat(task(profile)).isEqualTo(Map.of("gpu", 1.0, "cpus", 2.0));
    }

    @Test
    void aProgramWithoutCudaRefusesGpusUnlessACoreMayStandIn() {
        try (SparkSession session = LocalSpark.withCores(2)) {
            JavaSparkContext spark = new JavaSparkContext(session.sparkContext());

            assertThatThrownBy(() -> TaskResources.of(spark, gpus(1, Fallback.NONE)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("noprop.resources.device is gpu and this program was built without CUDA;"
                            + " build with mvn -Pcuda package, or set noprop.resources.fallback = cpu");
            TaskResources dropped = TaskResources.of(spark, gpus(1, Fallback.CPU));
            assertThat(dropped.on(spark.emptyRDD()).getResourceProfile())
                    .as("local mode, where a request for a GPU would wait for ever")
                    .isNull();
        }
    }

    private static Map<String, Double> task(ResourceProfile profile) {
        return profile.taskResourcesJMap().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().amount()));
    }
}
