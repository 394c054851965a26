package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher in a copy of the layout, with programs that only print what they were given. */
class LauncherTest {
    private static final Path LAUNCHER = Path.of("noprop").toAbsolutePath();
    private static final List<String> TOOLS = List.of(
            "bash",
            "cat",
            "dirname",
            "env",
            "find",
            "grep",
            "head",
            "mkdir",
            "readlink",
            "sed",
            "touch",
            "tr",
            "uname");
    private static final String ECHO_ALL =
            """
            #!/usr/bin/env bash
            if [[ $1 == -version ]]; then echo 'openjdk version "VERSION"' >&2; exit; fi
            echo "$OMP_NUM_THREADS $OPENBLAS_CORETYPE"
            env >ENVIRONMENT
            printf '%s\\n' "$@"
            """;

    @TempDir
    Path folder;

    private Path root;

    private final Map<String, String> variables = new HashMap<>();

    private record Ended(int code, List<String> out, String err) {}

    @BeforeEach
    void layOut() throws IOException {
        root = folder.resolve("a b");
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
        script("bin/java", echoAll(version));
    }

    private String echoAll(String version) {
        return ECHO_ALL.replace("VERSION", version).replace("ENVIRONMENT", "'" + root.resolve("environment") + "'");
    }

    private void script(String relative, String text) throws IOException {
        Path file = root.resolve(relative);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Ended launch(String... arguments) throws IOException, InterruptedException {
        Process process = start("", arguments);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readAllLines(root.resolve("out")), error(""));
    }

    private String error(String number) throws IOException {
        return Files.readString(root.resolve("err" + number)).replace(root.toString(), "ROOT");
    }

    /** What a program was started with. */
    private List<String> environment() throws IOException {
        return Files.readAllLines(root.resolve("environment"));
    }

    private Process start(String number, String... arguments) throws IOException {
        Path out = root.resolve("out" + number);
        Path err = root.resolve("err" + number);
        ProcessBuilder builder = new ProcessBuilder(
                        find("bash").toString(), root.resolve("jobs/noprop").toString())
                .directory(root.resolve("tools").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(variables);
        return builder.start();
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
        script("spark/bin/spark-submit", echoAll("17"));
        assertThat(launch("run", "--config", "x").out())
                .containsExactly(
                        "1 Haswell",
                        "--class",
                        "org.noprop.jobs.NoProp",
                        "--driver-memory",
                        "3g",
                        "--conf",
                        "spark.yarn.maxAppAttempts=1",
                        "--master",
                        "yarn",
                        root + "/jobs/target/noprop-jobs.jar",
                        "run",
                        "--config",
                        "x");
    }

    @Test
    void sparkTakesTheOptionsOfItsJvmApartWhereThePathHasSpaces() throws Exception {
        variables.put("SPARK_HOME", root + "/spark");
        script("spark/bin/spark-submit", echoAll("17"));
        Files.createDirectories(root.resolve("spark/jars"));
        launch("run");
        String options = environment().stream()
                .filter(variable -> variable.startsWith("SPARK_SUBMIT_OPTS="))
                .findFirst()
                .orElseThrow()
                .substring("SPARK_SUBMIT_OPTS=".length());

        ProcessBuilder spark = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.spark.launcher.Main",
                "org.apache.spark.deploy.SparkSubmit",
                "x.jar");
        spark.environment()
                .putAll(Map.of(
                        "SPARK_HOME", root + "/spark", "SPARK_SCALA_VERSION", "2.12", "SPARK_SUBMIT_OPTS", options));
        Process process = spark.start();
        String command = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(command.split("\0"))
                .contains(
                        "-Dlog4j2.configurationFile=" + root + "/jobs/src/main/resources/log4j2.properties",
                        "-Dfile.encoding=UTF-8",
                        "-Djava.awt.headless=true");
    }

    @ParameterizedTest
    @CsvSource({"6gb,-Xmx6g", "6GB,-Xmx6G", "900m,-Xmx900m"})
    void memoryIsGivenAsSparkOrAsJavaSpellsIt(String given, String option) throws Exception {
        variables.put("NOPROP_DRIVER_MEMORY", given);
        assertThat(launch("run").out()).contains(option);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6      | NOPROP_DRIVER_MEMORY is 6; give a size such as 6g or 900m",
                "6 gigs | NOPROP_DRIVER_MEMORY is 6 gigs; give a size such as 6g or 900m",
                "256m   | NOPROP_DRIVER_MEMORY is 256m, and Spark needs 512m at least; raise it, to 2g for a start",
            })
    void memoryThatNobodyCanStartWithIsASentence(String given, String sentence) throws Exception {
        variables.put("NOPROP_DRIVER_MEMORY", given);
        Ended ended = launch("run");
        assertThat(ended.err()).isEqualTo("noprop: " + sentence + "\n");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void namesOfFilesAreReadAsUtf8WhateverTheLocale() throws Exception {
        script(
                "tools/locale",
                "#!/usr/bin/env bash\nif [[ $1 == -a ]]; then printf 'C\\nC.utf8\\nde_DE.utf8\\n'; else echo"
                        + " ${CHARMAP}; fi\n");
        variables.putAll(Map.of("LC_ALL", "C", "CHARMAP", "ANSI_X3.4-1968"));
        assertThat(launch("run").out()).contains("-Dfile.encoding=UTF-8");
        assertThat(environment()).contains("LC_ALL=C.utf8");
        variables.putAll(Map.of("LC_ALL", "de_DE.UTF-8", "CHARMAP", "UTF-8"));
        launch("run");
        assertThat(environment()).contains("LC_ALL=de_DE.UTF-8");
    }

    @Test
    void aUserIdWithoutANameHasAHomeAllTheSame() throws Exception {
        script("tools/id", "#!/usr/bin/env bash\nexit 1\n");
        variables.put("HOME", "/nowhere");
        assertThat(launch("run").out()).contains("-Duser.home=/tmp");
        variables.put("HOME", root.toString());
        assertThat(launch("run").out()).contains("-Duser.home=" + root);
        script("tools/id", "#!/usr/bin/env bash\necho me\n");
        assertThat(launch("run").out()).noneMatch(line -> line.startsWith("-Duser.home"));
    }

    @Test
    void aJobOnThisMachineDoesNotLookItsNameUp() throws Exception {
        launch("run");
        assertThat(environment()).contains("SPARK_LOCAL_HOSTNAME=localhost");
        variables.put("NOPROP_JAVA_OPTIONS", "-Dspark.master=spark://other:7077");
        script("tools/getent", "#!/usr/bin/env bash\n");
        launch("run");
        assertThat(environment()).doesNotContain("SPARK_LOCAL_HOSTNAME=localhost");
        script("tools/getent", "#!/usr/bin/env bash\nexit 2\n");
        launch("run");
        assertThat(environment()).contains("SPARK_LOCAL_HOSTNAME=localhost");
    }

    @Test
    @Timeout(60)
    void ofTwoFirstCallsOneBuilds() throws Exception {
        Path flock = Path.of("/usr/bin/flock");
        assumeTrue(Files.isExecutable(flock), "there is no flock, without which nobody waits");
        Files.createSymbolicLink(root.resolve("tools/flock"), flock);
        Files.createSymbolicLink(root.resolve("tools/sleep"), find("sleep"));
        Files.delete(root.resolve("jobs/target/noprop-jobs.jar"));
        script(
                "tools/mvn",
                "#!/usr/bin/env bash\necho built >>builds\nuntil [[ -e go ]]; do sleep 0.05; done\ntouch"
                        + " jobs/target/noprop-jobs.jar\n");
        List<Process> calls = List.of(start("1", "run"), start("2", "run"));
        while (!(error("1") + error("2")).contains("noprop: waiting for another call to build ...\n")) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        Files.createFile(root.resolve("go"));
        for (Process call : calls) {
            assertThat(call.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(call.exitValue()).isZero();
        }
        assertThat(Files.readAllLines(root.resolve("builds"))).containsExactly("built");
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
