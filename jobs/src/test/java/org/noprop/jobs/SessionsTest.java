package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {

    private static SparkConf settings(String... keysAndValues) {
        SparkConf conf = new SparkConf(false);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            conf.set(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Sessions.withDefaults(conf, "train-blocks");
    }

    @Test
    void withoutAnySettingSparkRunsHereOnAllCores() {
        SparkConf conf = settings();
        assertThat(conf.get("spark.master")).isEqualTo("local[*]");
        assertThat(conf.get("spark.app.name")).isEqualTo("noprop train-blocks");
        assertThat(conf.get("spark.driver.host")).isEqualTo("localhost");
        assertThat(conf.get("spark.sql.session.timeZone")).isEqualTo("UTC");
        assertThat(conf.get("spark.executorEnv.OMP_NUM_THREADS")).isEqualTo("1");
    }

    @Test
    void theUsersSettingsStay() {
        SparkConf conf =
                settings("spark.master", "yarn", "spark.app.name", "mine", "spark.executorEnv.OMP_NUM_THREADS", "3");
        assertThat(conf.get("spark.master")).isEqualTo("yarn");
        assertThat(conf.get("spark.app.name")).isEqualTo("mine");
        assertThat(conf.get("spark.executorEnv.OMP_NUM_THREADS")).isEqualTo("3");
        assertThat(conf.contains("spark.driver.host")).isFalse();
    }

    @Test
    void nativeThreadsAreAsManyAsATasksCpus() {
        assertThat(settings("spark.task.cpus", "4").get("spark.executorEnv.OMP_NUM_THREADS"))
                .isEqualTo("4");
    }

    @Test
    void localModeDropsGpusWhichItCannotScheduleAndAClusterKeepsThem() {
        String[] gpus = {"spark.executor.resource.gpu.amount", "1", "spark.task.resource.gpu.amount", "1"};
        for (String master : List.of("local", "local[2]", "local[*]", "local[2,4]")) {
            SparkConf conf = settings(ArrayUtils.addAll(gpus, "spark.master", master));
            assertThat(conf.contains(gpus[0]) || conf.contains(gpus[2]))
                    .as(master)
                    .isFalse();
        }
        for (String master : List.of("yarn", "spark://host:7077", "local-cluster[2,2,1024]")) {
            SparkConf conf = settings(ArrayUtils.addAll(gpus, "spark.master", master));
            assertThat(conf.get(gpus[0])).as(master).isEqualTo("1");
            assertThat(conf.get(gpus[2])).as(master).isEqualTo("1");
        }
    }

    @Test
    void aLocalJobWithGpuSettingsRunsAndItsEventLogFolderIsMade(@TempDir Path folder) {
        Map<String, String> submitted = Map.of(
                "spark.master", "local[1]",
                "spark.ui.enabled", "false",
                "spark.executor.resource.gpu.amount", "1",
                "spark.task.resource.gpu.amount", "1",
                "spark.eventLog.enabled", "true",
                "spark.eventLog.dir", folder.resolve("events").toUri().toString());
        submitted.forEach(System::setProperty);
        try (SparkSession session = Sessions.open("train-blocks")) {
            assertThat(session.range(10).count()).isEqualTo(10);
            assertThat(folder.resolve("events")).isNotEmptyDirectory();
        } finally {
            submitted.keySet().forEach(System::clearProperty);
            System.setProperty("spark.ui.enabled", "false");
        }
    }

    @Test
    void onlyInDeployModeClusterOfYarnTheProcessIsWatched() {
        assertThat(Sessions.yarnRunsTheDriver(settings("spark.master", "yarn", "spark.submit.deployMode", "cluster")))
                .isTrue();
        assertThat(Sessions.yarnRunsTheDriver(settings("spark.master", "yarn", "spark.submit.deployMode", "client")))
                .isFalse();
        assertThat(Sessions.yarnRunsTheDriver(settings("spark.master", "yarn"))).isFalse();
        assertThat(Sessions.yarnRunsTheDriver(
                        settings("spark.master", "spark://host:7077", "spark.submit.deployMode", "cluster")))
                .isFalse();
    }

    @Test
    void executorsReadNamesOfFilesAsUtf8() {
        assertThat(settings("spark.master", "yarn").get("spark.executorEnv.LC_ALL"))
                .isEqualTo("C.UTF-8");
    }

    @Test
    void inLocalModeATaskWithoutMemoryFailsAndTheProcessLivesToSaySo() {
        assertThat(settings().get("spark.executor.killOnFatalError.depth")).isEqualTo("0");
        assertThat(settings("spark.master", "yarn").contains("spark.executor.killOnFatalError.depth"))
                .isFalse();
    }
}
