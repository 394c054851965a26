package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a copy of the layout, with programs that only print what they were given. */
class LauncherTest {
    private static final Path LAUNCHER = Path.of("noprop").toAbsolutePath();
    private static final List<String> TOOLS =
            List.of("bash", "cat", "dirname", "env", "find", "grep", "head", "mkdir", "readlink", "sed", "touch", "tr");
    private static final String ECHO_ALL =
            """
            #!/usr/bin/env bash
            if [[ $1 == -version ]]; then echo 'openjdk version "VERSION"' >&2; exit; fi
            echo "$OMP_NUM_THREADS $OPENBLAS_CORETYPE"
            printf '%s\\n' "$@"
            """;

    @TempDir
    Path root;

    private final Map<String, String> variables = new HashMap<>();

    private record Ended(int code, List<String> out, String err) {}

    @BeforeEach
    void layOut() throws IOException {
        Path tools = Files.createDirectories(root.resolve("tools"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(tools.resolve(tool), find(tool));
        }
        for (String module : List.of("pipeline", "jobs")) {
            Files.createDirectories(root.resolve(module + "/src/main"));
            Files.writeString(root.resolve(module + "/pom.xml"), "");
        }
        Files.writeString(root.resolve("pom.xml"), "");
        Files.copy(LAUNCHER, root.resolve("jobs/noprop"));
        Path target = Files.createDirectories(root.resolve("jobs/target"));
        Files.writeString(target.resolve("classpath.txt"), "a.jar:b.jar");
        Files.writeString(target.resolve("jvm.options"), "");
        Files.writeString(target.resolve("noprop-jobs-1.jar"), "");
        Files.writeString(target.resolve("noprop-jobs.jar"), "");
        java("17.0.1");
        variables.put("PATH", tools.toString());
        variables.put("JAVA_HOME", root.toString());
        variables.put("NOPROP_DRIVER_MEMORY", "3g");
        variables.put("OPENBLAS_CORETYPE", "Haswell");
    }

    private static Path find(String tool) {
        return List.of("/usr/bin", "/bin").stream()
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private void java(String version) throws IOException {
        script("bin/java", ECHO_ALL.replace("VERSION", version));
    }

    private void script(String relative, String text) throws IOException {
        Path file = root.resolve(relative);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Ended launch(String... arguments) throws IOException, InterruptedException {
        Path out = root.resolve("out");
        Path err = root.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(
                        find("bash").toString(), root.resolve("jobs/noprop").toString())
                .directory(root.resolve("tools").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(variables);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                Files.readAllLines(out),
                Files.readString(err).replace(root.toString(), "ROOT"));
    }

    @Test
    void withoutSparkHomeJavaRunsTheBuiltClassPath() throws Exception {
        Ended ended = launch("run", "--set", "a=b c");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().get(0)).isEqualTo("1 Haswell");
        String jobs = root + "/jobs/target/noprop-jobs-1.jar";
        assertThat(ended.out())
                .contains("-Xmx3g")
                .containsSubsequence("-cp", jobs + ":a.jar:b.jar", "org.noprop.jobs.NoProp", "run", "--set", "a=b c");
        assertThat(ended.code()).isZero();
    }

    @Test
    void withSparkHomeSparkSubmitRunsTheShadedJar() throws Exception {
        variables.put("SPARK_HOME", root + "/spark");
        variables.put("NOPROP_SPARK_SUBMIT_OPTIONS", "--master yarn");
        script("spark/bin/spark-submit", ECHO_ALL);
        assertThat(launch("run", "--config", "x").out())
                .containsExactly(
                        "1 Haswell",
                        "--class",
                        "org.noprop.jobs.NoProp",
                        "--driver-memory",
                        "3g",
                        "--master",
                        "yarn",
                        root + "/jobs/target/noprop-jobs.jar",
                        "run",
                        "--config",
                        "x");
    }

    @Test
    void aSparkHomeWithoutSparkSubmitIsASentence() throws Exception {
        variables.put("SPARK_HOME", "/nowhere");
        assertThat(launch("run").err())
                .isEqualTo("noprop: SPARK_HOME is /nowhere, where there is no bin/spark-submit; correct or unset it\n");
        assertThat(launch("run").code()).isEqualTo(2);
    }

    @Test
    void theUsersNumberOfThreadsStays() throws Exception {
        variables.put("OMP_NUM_THREADS", "5");
        assertThat(launch("run").out().get(0)).isEqualTo("5 Haswell");
    }

    @Test
    void anotherJavaIsASentence() throws Exception {
        java("11.0.2");
        Ended ended = launch("run");
        assertThat(ended.err())
                .isEqualTo("noprop: Java 17 is needed and ROOT/bin/java is Java 11; set JAVA_HOME to a Java 17\n");
        assertThat(ended.code()).isEqualTo(2);
    }

    @Test
    void noJavaIsASentence() throws Exception {
        variables.put("JAVA_HOME", "/nowhere");
        assertThat(launch("run").err())
                .isEqualTo("noprop: there is no /nowhere/bin/java; install Java 17, or set JAVA_HOME to one\n");
    }

    @Test
    void noMavenIsASentenceWhereTheJarIsMissing() throws Exception {
        Files.delete(root.resolve("jobs/target/noprop-jobs.jar"));
        assertThat(launch("run").err())
                .isEqualTo("noprop: Maven is needed to build; install it and see that mvn is on the PATH\n");
    }

    @Test
    void aSourceNewerThanTheJarIsBuiltFirst() throws Exception {
        script("tools/mvn", "#!/usr/bin/env bash\ntouch jobs/target/noprop-jobs.jar\n");
        Path source = Files.writeString(root.resolve("pipeline/src/main/A.java"), "");
        Path jar = root.resolve("jobs/target/noprop-jobs.jar");
        Files.setLastModifiedTime(
                jar, FileTime.fromMillis(Files.getLastModifiedTime(source).toMillis() - 5000));
        assertThat(launch("run").err()).startsWith("noprop: building (").contains("noprop: built in ");
        assertThat(launch("run").err()).isEmpty();
    }

    @Test
    void aBuildThatFailsShowsItsErrors() throws Exception {
        Files.delete(root.resolve("jobs/target/noprop-jobs.jar"));
        script("tools/mvn", "#!/usr/bin/env bash\necho '[INFO] fine'; echo '[ERROR] A.java: broken'; exit 1\n");
        Ended ended = launch("run");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .endsWith("[ERROR] A.java: broken\nnoprop: the build failed; all of its output is in"
                        + " ROOT/jobs/target/build.log\n");
    }
}
