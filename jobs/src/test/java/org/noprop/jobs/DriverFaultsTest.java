package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A driver in a process of its own that is stopped and killed. */
class DriverFaultsTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(600)
    void aRunInUseIsRefusedAndOneWhoseDriverWasKilledIsResumedToTheSameWeights()
            throws IOException, InterruptedException {
        preset();
        assertThat(noprop(new StringWriter(), "preprocess")).isZero();
        assertThat(noprop(new StringWriter(), "train-blocks", "--run-id", "calm"))
                .isZero();

        Process driver = start("train-blocks", "--run-id", "killed");
        try {
            awaitEpochs(driver, 3, folder.resolve("runs/killed/blocks/block=01/metrics.jsonl"));
            signal("STOP", driver);
            StringWriter err = new StringWriter();
            assertThat(noprop(err, "train-blocks", "--run-id", "killed", "--resume"))
                    .isEqualTo(2);
            assertThat(err.toString().strip())
                    .startsWith("Run killed is in use: train-blocks of ")
                    .contains("(process " + driver.pid() + ")")
                    .endsWith("s ago; wait until it ends, or give another --run-id")
                    .hasLineCount(1);
        } finally {
            driver.destroyForcibly().waitFor();
        }
        assertThat(folder.resolve("runs/killed/blocks/block=01/state.json")).doesNotExist();

        assertThat(noprop(new StringWriter(), "train-blocks", "--run-id", "killed", "--resume"))
                .isZero();

        for (String part : List.of("blocks/block=01", "blocks/block=02", "head")) {
            assertThat(weights("killed", part)).isEqualTo(weights("calm", part));
        }
        assertThat(folder.resolve("runs/killed/lock.json")).doesNotExist();
    }

    private void preset() throws IOException {
        Files.writeString(
                folder.resolve("tiny.conf"),
                """
                noprop {
                  run.dir = "%1$s/runs"
                  data { embeddings = "%1$s/embeddings", digits { train = 400, test = 50 } }
                  diffusion.blocks = 2
                  training { epochs = 40, head-epochs = 2, checkpoint-every = 1 }
                }
                """
                        .formatted(folder));
    }

    private int noprop(StringWriter err, String... command) {
        return NoProp.commandLine(Jobs::of, Sessions::open)
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute(withPreset(command));
    }

    private Process start(String... command) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-opens"))
                .forEach(line::add);
        line.addAll(List.of(
                "-Xmx1g",
                "-Dspark.ui.enabled=false",
                "-cp",
                System.getProperty("java.class.path"),
                NoProp.class.getName()));
        line.addAll(List.of(withPreset(command)));
        File log = folder.resolve("driver.log").toFile();
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    private String[] withPreset(String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(1, List.of("--config", folder.resolve("tiny.conf").toString()));
        return all.toArray(String[]::new);
    }

    /** No signal comes from another process but its files. */
    private static void awaitEpochs(Process driver, int epochs, Path metrics) throws IOException, InterruptedException {
        while (driver.isAlive()
                && (!Files.exists(metrics) || Files.readAllLines(metrics).size() < epochs)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    private byte[] weights(String run, String part) throws IOException {
        return Files.readAllBytes(
                folder.resolve("runs").resolve(run).resolve(part).resolve("weights.safetensors"));
    }
}
