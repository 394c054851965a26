package org.noprop;

import java.io.File;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** PySpark as PyPI has it, which is a whole Spark distribution, for tests that start it with this class path. */
public final class PySpark {
    private final Python python;

    private PySpark(Python python) {
        this.python = python;
    }

    /** An environment with it; the test is skipped where there is none. */
    public static PySpark install() {
        return new PySpark(Python.with("pyspark", "pyspark==3.5.7", "numpy==1.26.4"));
    }

    /** The Python that has it. */
    public Python python() {
        return python;
    }

    /** SPARK_HOME. */
    public String home() {
        return python.run(Map.of(), "-c", "import pyspark; print(pyspark.__path__[0])")
                .strip();
    }

    /** The class path of this process without what Spark brings. */
    public static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("/org/apache/spark/") && !entry.contains("/org/scala-lang/"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
