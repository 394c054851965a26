package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.PySpark;

/** The Python class over the Estimator, with PySpark as PyPI has it. */
class NoPropInPySparkTest {
    @TempDir
    Path folder;

    @Test
    void estimatorAndModelAreFittedSavedLoadedAndPutIntoPipelines() {
        PySpark spark = PySpark.install();
        String options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-opens"))
                .collect(Collectors.joining(" "));

        String printed = spark.python()
                .run(
                        Map.of(
                                "PYTHONPATH",
                                        Path.of("..", "jobs", "python")
                                                .toAbsolutePath()
                                                .toString(),
                                "SPARK_HOME", spark.home(),
                                "JAVA_HOME", System.getProperty("java.home"),
                                "OMP_NUM_THREADS", "1"),
                        Path.of("src/test/python/noprop_in_pyspark.py")
                                .toAbsolutePath()
                                .toString(),
                        PySpark.classPath(),
                        options,
                        folder.toString());

        assertThat(printed).contains("accuracy ");
    }
}
