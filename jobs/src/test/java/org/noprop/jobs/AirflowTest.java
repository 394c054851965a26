package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.PySpark;
import org.noprop.Python;

/**
 * The DAG in jobs/airflow, by Airflow itself where it can be had; the jobs with the arguments of its tasks in any case.
 */
class AirflowTest {
    private static final Path DAGS = Path.of("airflow").toAbsolutePath();
    private static final String TESTS =
            Path.of("src/test/python/airflow_dag.py").toAbsolutePath().toString();

    @TempDir
    Path folder;

    private Path preset;

    @BeforeEach
    void writePreset() throws IOException {
        preset = Files.writeString(
                folder.resolve("tiny.conf"),
                """
                noprop {
                  run.dir = "%1$s/runs"
                  data { embeddings = "%1$s/embeddings", digits { train = 400, test = 100 } }
                  diffusion.blocks = 2
                  training { epochs = 2, head-epochs = 2 }
                  inference.runs = 2
                }
                """
                        .formatted(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "2.11"})
    void theDagIsAsWrittenAndAMissedRequirementIsNotTriedAgain(String version) throws IOException {
        Python airflow = airflow(version);
        Path submit = Files.createDirectories(folder.resolve("bin")).resolve("spark-submit");
        Files.writeString(
                submit,
                """
                #!/bin/sh
                while [ "$1" != --config ]; do shift; done
                exit "$2"
                """);
        assertThat(submit.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = environment(submit.getParent());

        assertThat(airflow.run(environment, TESTS, "structure", DAGS.toString()))
                .endsWith("structure is right\n");
        assertThat(airflow.run(environment, TESTS, "gate", DAGS.toString())).endsWith("gate is right\n");
    }

    @Test
    void airflowRunsTheWholeDagWithEachBlockInATaskOfItsOwn() throws IOException {
        Python airflow = airflow("3");
        PySpark spark = PySpark.install();
        Map<String, String> environment = environment(Path.of(spark.home(), "bin"));
        environment.put("SPARK_HOME", spark.home());
        environment.put("NOPROP_JAR", jar().toString());
        environment.put("NOPROP_SPARK_PROPERTIES", properties().toString());
        airflow.run(environment, "-m", "airflow", "db", "migrate");

        String said =
                airflow.run(environment, TESTS, "run", DAGS.toString(), preset.toString(), folder + "/of-airflow");

        assertThat(said).endsWith("run is right\n");
        assertThat(folder.resolve("of-airflow/scheduled/report/report.html")).isRegularFile();
        assertThat(folder.resolve("of-airflow/scheduled/profile/train-blocks/block=02.json"))
                .isRegularFile();
        report("dag.test() by a real Airflow 3, with the spark-submit of pyspark 3.5.7");
    }

    @Test
    void theJobsTakeTheArgumentsOfTheTasks() throws IOException {
        JsonNode jobs =
                new ObjectMapper().readTree(DAGS.resolve("noprop_jobs.json").toFile());
        String dag = Files.readString(DAGS.resolve("noprop_dag.py"));
        List<String> commands = new ArrayList<>();
        jobs.fieldNames().forEachRemaining(commands::add);
        assertThat(commands).containsExactly("preprocess", "train-blocks", "train-baseline", "evaluate");
        for (String command : commands) {
            assertThat(dag).contains("options(\"" + command + "\"");
            assertThat(jobs.path(command).path("class").asText()).isEqualTo("org.noprop.jobs." + className(command));
            for (List<String> more : command.equals("train-blocks")
                    ? List.of(List.of("--blocks", "1"), List.of("--blocks", "2"), List.of("--blocks", "head"))
                    : List.of(List.<String>of())) {
                Outcome outcome = Outcome.of(arguments(command, jobs.path(command), more));
                assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            }
        }
        assertThat(folder.resolve("runs/scheduled/report/report.html")).isRegularFile();
        report("the jobs with the arguments of the DAG's tasks");
    }

    /** In the test's output, which its report keeps. */
    private static void report(String what) {
        System.out.println("Airflow: " + what);
    }

    private String[] arguments(String command, JsonNode job, List<String> more) {
        List<String> line = new ArrayList<>(List.of(command));
        job.path("arguments")
                .forEach(argument -> line.add(
                        argument.asText().replace("{config}", preset.toString()).replace("{run_id}", "scheduled")));
        line.addAll(more);
        return line.toArray(String[]::new);
    }

    private static String className(String command) {
        return Stream.of(command.split("-", -1))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .reduce("", String::concat);
    }

    private static Python airflow(String version) throws IOException {
        String[] pins = Files.readAllLines(DAGS.resolve("requirements-" + version + ".txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .toArray(String[]::new);
        return Python.with("airflow-" + version, pins);
    }

    private Map<String, String> environment(Path bin) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", bin + ":" + System.getenv("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("OMP_NUM_THREADS", "1");
        environment.put(
                "PYTHONPYCACHEPREFIX", DAGS.resolveSibling("target/pycache").toString());
        environment.put("AIRFLOW_HOME", folder.resolve("airflow").toString());
        environment.put("AIRFLOW__CORE__LOAD_EXAMPLES", "False");
        environment.put("AIRFLOW__CORE__DAGS_FOLDER", DAGS.toString());
        environment.put("AIRFLOW_CONN_SPARK_DEFAULT", "{\"conn_type\": \"spark\", \"host\": \"local[2]\"}");
        return environment;
    }

    /** Of the jobs alone; what they need is on the class path that {@link #properties} sets. */
    private Path jar() throws IOException {
        Path classes = Path.of("target/classes");
        Path jar = folder.resolve("noprop-jobs.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> entries = Files.walk(classes)) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(entry).toString()));
                Files.copy(entry, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    private Path properties() throws IOException {
        return Files.writeString(
                folder.resolve("spark.properties"),
                """
                spark.driver.extraClassPath %s
                spark.driver.memory 2g
                spark.ui.enabled false
                spark.sql.shuffle.partitions 2
                """
                        .formatted(PySpark.classPath()));
    }
}
