package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.DigitSource;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.InvalidInputException;
import org.noprop.spark.PngFiles;

/** Commands on machines that differ from the usual one. */
class MachinesTest {
    private static final List<String> OWN_HOST_NAME =
            List.of("unshare", "-u", "bash", "-c", "hostname nosuchhost-123 && exec \"$0\" \"$@\"");
    private static final List<String> NAMELESS_USER = List.of("unshare", "-U", "--map-user=12345");

    @TempDir
    Path folder;

    private record Ended(int code, String said) {}

    private static Ended end(Map<String, String> environment, List<String> line) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("LANG|LC_.*|SPARK_.*|NOPROP_.*"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }

    private static boolean canRun(List<String> line) throws Exception {
        try {
            return end(Map.of(), line).code == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The command to begin with, if this machine lets one begin so; user and host name stay as they are otherwise. */
    private static List<String> ifAllowed(List<String> prefix) throws Exception {
        return canRun(Stream.concat(prefix.stream(), Stream.of("true")).toList()) ? prefix : List.of();
    }

    /**
     * A checkout whose path has spaces, no locale, a language with digits of its own, memory in Spark's spelling, a host name
     * that leads nowhere, a user id without a name, and a class whose name is not in ASCII.
     */
    @Test
    @Timeout(300)
    void aRunFromTheLauncherIsTheSameOnAnUnusualMachine() throws Exception {
        Path checkout = layOut();
        DigitSource digits = new DigitSource(40, 20, 3);
        PngFiles.write(digits, Part.TRAIN, 40, folder.resolve("images/train"));
        PngFiles.write(digits, Part.TEST, 20, folder.resolve("images/test"));
        Path preset = Files.writeString(
                folder.resolve("small.conf"),
                """
                noprop {
                  run.dir = "%1$s/runs"
                  data { kind = folder, path = "%1$s/images", embeddings = "%1$s/embeddings", validation-fraction = 0 }
                  diffusion.blocks = 1
                  network.width = 8
                  training { epochs = 1, head-epochs = 1, batch-size = 16 }
                  inference.runs = 1
                }
                """
                        .formatted(folder));
        String rename =
                "cd \"" + folder + "/images\"; for part in train test; do mv $part/1 $part/k$'\\303\\266'ln; done";
        assertThat(end(Map.of(), List.of("bash", "-c", rename)).code()).isZero();

        List<String> line = new ArrayList<>(ifAllowed(OWN_HOST_NAME));
        line.addAll(ifAllowed(NAMELESS_USER));
        line.addAll(List.of(checkout + "/jobs/noprop", "run", "--config=" + preset, "--run-id=r"));
        Ended ended = end(
                Map.of(
                        "LC_ALL", "C",
                        "HOME", folder.toString(),
                        "NOPROP_DRIVER_MEMORY", "700mb",
                        "NOPROP_JAVA_OPTIONS", "-Duser.language=ar -Duser.country=EG -Dspark.ui.enabled=false"),
                line);

        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(folder.resolve("embeddings/embeddings.json")).content().contains("\"köln\"");
        assertThat(folder.resolve("embeddings/README.md")).content().contains("'0': \"0\"", "num_examples: 40");
        assertThat(folder.resolve("runs/r/baseline/weights.safetensors"))
                .content(StandardCharsets.ISO_8859_1)
                .contains("\"block01.");
        for (String written : List.of("runs", "embeddings")) {
            try (Stream<Path> files = Files.walk(folder.resolve(written))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .allMatch(name -> name.matches("\\p{ASCII}*"));
            }
        }
    }

    /** The launcher and what it takes from a build, which are this test's own classes. */
    private Path layOut() throws IOException {
        Path checkout = folder.resolve("a checkout");
        for (String part : List.of("jobs/target", "jobs/src/main", "pipeline/src/main")) {
            Files.createDirectories(checkout.resolve(part));
        }
        Files.copy(Path.of("noprop"), checkout.resolve("jobs/noprop"));
        for (String file : List.of("pom.xml", "jobs/pom.xml", "pipeline/pom.xml", "jobs/target/noprop-jobs-0.jar")) {
            Files.writeString(checkout.resolve(file), "");
        }
        Path target = checkout.resolve("jobs/target");
        Files.writeString(target.resolve("classpath.txt"), System.getProperty("java.class.path"));
        Files.writeString(
                target.resolve("jvm.options"),
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(option -> option.startsWith("--add-opens"))
                        .collect(Collectors.joining(" ")));
        Files.writeString(target.resolve("noprop-jobs.jar"), "");
        return checkout;
    }

    @Test
    void aFullDiskIsASentence() throws Exception {
        Path small = Files.createDirectories(folder.resolve("small"));
        mount("size=120k", small);
        try {
            Outcome.assertRefused(
                    Outcome.of(
                            "preprocess",
                            "--config",
                            Files.writeString(folder.resolve("x.conf"), "noprop.data.digits { train = 400, test = 50 }")
                                    .toString(),
                            "--set=data.embeddings=" + small + "/embeddings"),
                    "Cannot write file:" + small
                            + "/embeddings/train: No space left on device; make room there, or choose"
                            + " another place, by noprop.run.dir for one");
        } finally {
            end(Map.of(), List.of("umount", "--lazy", small.toString()));
        }
    }

    @Test
    void aFolderForTemporaryFilesThatRunsNothingIsASentence() throws Exception {
        Path tmp = Files.createDirectories(folder.resolve("tmp"));
        mount("noexec,size=120k", tmp);
        try {
            assertThatThrownBy(() -> Sessions.requireExecutable(tmp))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("Native libraries cannot be loaded from " + tmp
                            + ", which is mounted noexec; name another folder for them by -Djava.io.tmpdir=DIR in"
                            + " NOPROP_JAVA_OPTIONS (for spark-submit: --driver-java-options)");
        } finally {
            end(Map.of(), List.of("umount", "--lazy", tmp.toString()));
        }
        Sessions.requireExecutable(tmp);
    }

    private static void mount(String options, Path place) throws Exception {
        assumeTrue(
                canRun(List.of("mount", "-t", "tmpfs", "-o", options, "noprop", place.toString())),
                "this user may not mount anything");
    }
}
