package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.Python;

/** The Python class over the Estimator, with PySpark as PyPI has it. */
class NoPropInPySparkTest {
    @TempDir
    Path folder;

    @Test
    void estimatorAndModelAreFittedSavedLoadedAndPutIntoPipelines() {
        Python python = Python.with("pyspark", "pyspark==3.5.7", "numpy==1.26.4");
        String ours = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("/org/apache/spark/") && !entry.contains("/org/scala-lang/"))
                .collect(Collectors.joining(File.pathSeparator));
        String options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-opens"))
                .collect(Collectors.joining(" "));

        String printed = python.run(
                Map.of(
                        "PYTHONPATH",
                                Path.of("..", "jobs", "python").toAbsolutePath().toString(),
                        "SPARK_HOME",
                                python.run(Map.of(), "-c", "import pyspark; print(pyspark.__path__[0])")
                                        .strip(),
                        "JAVA_HOME", System.getProperty("java.home"),
                        "OMP_NUM_THREADS", "1"),
                Path.of("src/test/python/noprop_in_pyspark.py").toAbsolutePath().toString(),
                ours,
                options,
                folder.toString());

        assertThat(printed).contains("accuracy ");
    }
}
