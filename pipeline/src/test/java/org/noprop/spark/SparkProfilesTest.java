package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfile$;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.config.ResourcesConfig;
import scala.collection.JavaConverters;

/** The profiles of conf/spark, as Spark reads them. */
class SparkProfilesTest {
    private static final Path PROFILES = Path.of("..", "conf", "spark");
    private static final int MB = 1 << 20;
    /** Of a block and of a baseline of ten in training, rounded up from pipeline/benchmarks/memory.md. */
    private static final long BLOCK = 100;

    private static final long BASELINE = 750;
    private static final long CUDA = 1000;
    /** What is right for settings that Spark has no entry for: only their cluster manager knows them, or nobody. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("spark.master", "local\\[[*1]]|spark://HOST:7077|yarn|k8s://https://HOST:6443"),
            Map.entry("spark.executorEnv.OMP_NUM_THREADS", "1"),
            Map.entry("spark.executorEnv.LC_ALL", "C.UTF-8"),
            Map.entry("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID"),
            Map.entry("spark.executor.resource.gpu.amount", "1"),
            Map.entry(
                    "spark.executor.resource.gpu.discoveryScript",
                    "\\./discover-gpus|/opt/noprop/conf/spark/discover-gpus"),
            Map.entry("spark.executor.resource.gpu.vendor", "nvidia\\.com"),
            Map.entry("spark.yarn.maxAppAttempts", "1"),
            Map.entry("spark.yarn.appMasterEnv.LC_ALL", "C.UTF-8"),
            Map.entry("spark.kubernetes.namespace", "noprop"),
            Map.entry("spark.kubernetes.authenticate.driver.serviceAccountName", "spark"),
            Map.entry("spark.kubernetes.container.image", "noprop(-cuda)?:latest"),
            Map.entry("spark.kubernetes.driverEnv.LC_ALL", "C.UTF-8"),
            Map.entry("spark.kubernetes.executor.podTemplateFile", "conf/spark/kubernetes-pod-(cpu|gpu)\\.yaml"));

    private static SparkConf profile(String name) {
        SparkConf conf = new SparkConf(false);
        JavaConverters.mapAsJavaMap(
                        Utils.getPropertiesFromFile(PROFILES.resolve(name).toString()))
                .forEach(conf::set);
        return conf;
    }

    @AfterEach
    void forgetTheProfile() {
        ResourceProfile$.MODULE$.clearDefaultProfile();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local-cpu.conf", "local-gpu.conf",
                "standalone-cpu.conf", "standalone-gpu.conf",
                "yarn-cpu.conf", "yarn-gpu.conf",
                "kubernetes-cpu.conf", "kubernetes-gpu.conf"
            })
    void sparkKnowsEverySettingAndTheMemoryIsThatOfTheFormula(String name) {
        SparkConf conf = profile(name);
        boolean gpu = name.contains("gpu");
        boolean local = name.startsWith("local");

        assertThat(org.apache.spark.internal.config.package$.MODULE$.EXECUTOR_CORES())
                .as("Spark's settings are registered")
                .isNotNull();
        assertThat(conf.getAll()).allSatisfy(setting -> {
            String key = setting._1();
            if (ELSEWHERE.containsKey(key)) {
                assertThat(setting._2()).as(key).matches(ELSEWHERE.get(key));
            } else {
                assertThat(ConfigEntry.findEntry(key)).as(key).isNotNull();
                assertThatCode(() -> conf.get(ConfigEntry.findEntry(key)))
                        .as(key)
                        .doesNotThrowAnyException();
            }
        });
        assertThatCode(conf::validateSettings).doesNotThrowAnyException();
        assertThatCode(() -> ResourceProfile$.MODULE$.getOrCreateDefaultProfile(conf))
                .doesNotThrowAnyException();
        int cores = local ? 4 : conf.getInt("spark.executor.cores", 1);
        long needed = Math.max((gpu ? 1 : cores) * BLOCK, BASELINE) + (gpu ? CUDA : 0);
        long overhead = MemoryCheck.JAVA_ITSELF / MB + needed;
        String heap = local ? "spark.driver.memory" : "spark.executor.memory";
        String options = conf.get(local ? "spark.driver.extraJavaOptions" : "spark.executor.extraJavaOptions");
        assertThat(options)
                .isEqualTo("-Dorg.bytedeco.javacpp.maxbytes=" + needed + "m -Dorg.bytedeco.javacpp.maxphysicalbytes="
                        + (JavaUtils.byteStringAsMb(conf.get(heap)) + overhead) + "m");
        if (!local) {
            assertThat(conf.getSizeAsMb("spark.executor.memoryOverhead")).isEqualTo(overhead);
            assertThatCode(() -> MemoryCheck.requireOverhead(conf, BLOCK * MB)).doesNotThrowAnyException();
        }
        assertThat(conf.getBoolean("spark.eventLog.enabled", false)).isTrue();
        assertThat(conf.getBoolean("spark.speculation", false)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "local-cpu.conf,      client,  file:///tmp/spark-events",
        "local-gpu.conf,      client,  file:///tmp/spark-events",
        "standalone-cpu.conf, client,  file:///tmp/spark-events",
        "standalone-gpu.conf, client,  file:///tmp/spark-events",
        "yarn-cpu.conf,       client,  hdfs:///spark-events",
        "yarn-gpu.conf,       client,  hdfs:///spark-events",
        "kubernetes-cpu.conf, cluster, s3a://BUCKET/spark-events",
        "kubernetes-gpu.conf, cluster, s3a://BUCKET/spark-events",
    })
    void eachKindOfClusterNeedsNoOtherFileSystemThanItHas(String name, String deployMode, String events) {
        SparkConf conf = profile(name);

        assertThat(conf.get("spark.submit.deployMode", "client")).isEqualTo(deployMode);
        assertThat(conf.get("spark.eventLog.dir")).isEqualTo(events);
        assertThat(conf.contains("spark.yarn.maxAppAttempts")).isEqualTo(name.startsWith("yarn"));
        assertThat(conf.get("spark.jars.packages", ""))
                .as("the release of Hadoop that Spark brings")
                .isEqualTo(events.startsWith("s3a") ? "org.apache.hadoop:hadoop-aws:" + VersionInfo.getVersion() : "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"standalone-gpu.conf", "yarn-gpu.conf", "kubernetes-gpu.conf"})
    void onGpusATaskAsksForOneGpuAndAllCoresOfItsExecutor(String name) {
        ResourcesConfig gpus = new ResourcesConfig(
                Duration.ofMinutes(2),
                Duration.ofHours(2),
                ResourcesConfig.Device.GPU,
                1,
                1,
                Optional.empty(),
                ResourcesConfig.Fallback.NONE);
        SparkConf conf = profile(name);

        ResourceProfile profile = TaskResources.profile(conf, gpus);

        assertThat(profile.taskResourcesJMap().get("gpu").amount()).isEqualTo(1);
        assertThat(profile.taskResourcesJMap().get("cpus").amount()).isEqualTo(4);
        Map<String, ?> executor =
                ResourceProfile$.MODULE$.getOrCreateDefaultProfile(conf).executorResourcesJMap();
        assertThat(executor).containsKey("gpu");
    }

    @Test
    void podTemplatesAndScriptsThatProfilesNameAreThere() {
        for (String name : List.of("kubernetes-cpu.conf", "kubernetes-gpu.conf")) {
            assertThat(Path.of("..", profile(name).get("spark.kubernetes.executor.podTemplateFile")))
                    .isRegularFile();
        }
        assertThat(Path.of("..", profile("yarn-gpu.conf").get("spark.files"))).isExecutable();
    }

    @Test
    void theDiscoveryScriptListsGpusAsCudaNumbersThem(@TempDir Path folder) throws Exception {
        Path tool = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\nprintf '0\\n1\\n2\\n'\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(discover(folder, null)).isEqualTo("{\"name\":\"gpu\",\"addresses\":[\"0\",\"1\",\"2\"]}\n");
        assertThat(discover(folder, "2,1")).isEqualTo("{\"name\":\"gpu\",\"addresses\":[\"0\",\"1\"]}\n");
    }

    private static String discover(Path tools, String visible) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(PROFILES.resolve("discover-gpus").toString());
        builder.environment().merge("PATH", tools.toString(), (old, first) -> first + ":" + old);
        if (visible != null) {
            builder.environment().put("CUDA_VISIBLE_DEVICES", visible);
        }
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return out;
    }
}
