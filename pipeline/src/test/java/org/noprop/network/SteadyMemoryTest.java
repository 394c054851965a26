package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.noprop.label.OneHotEmbedding;
import org.noprop.tensor.OptimiserSettings;

/**
 * Nothing that training allocates grows with the number of steps. Measured in a JVM of its own, whose heap
 * is in memory from the start and whose compiler is done soon, so that the process grows by native memory
 * only. ND4J frees what was not freed when Java collects garbage, which in a task may be much later.
 */
@EnabledOnOs(OS.LINUX)
class SteadyMemoryTest {
    private static final int IMAGE_WIDTH = 32;
    private static final int CLASSES = 10;
    private static final int ROWS = 24;
    private static final int WARM_UP = 1_000;
    private static final int STEPS = 2_000;
    private static final int NETWORKS = 12;

    private static List<Usage> usages;

    /**
     * Bytes after a collection.
     *
     * @param handedOut by JavaCPP
     * @param heap used of the Java heap
     * @param resident of the whole process
     */
    private record Usage(long handedOut, long heap, long resident) {
        static Usage now() throws IOException, InterruptedException {
            for (int i = 0; i < 4; i++) {
                ManagementFactory.getMemoryMXBean().gc();
                Thread.sleep(250); // ND4J's and JavaCPP's threads free what the collection found
            }
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return new Usage(Pointer.totalBytes(), heap, residentNow());
        }

        static long residentNow() throws IOException {
            try (var lines = Files.lines(Path.of("/proc/self/status"))) {
                long kilobytes = lines.filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow();
                return kilobytes * 1024;
            }
        }

        static Usage parse(String line) {
            String[] fields = line.split(" ", -1);
            return new Usage(Long.parseLong(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3]));
        }

        String line() {
            return "USAGE " + handedOut + " " + heap + " " + resident;
        }
    }

    @BeforeAll
    static void measure() throws Exception {
        usages = usagesOfAnotherJvm();
        assertThat(usages).hasSize(3);
    }

    @Test
    void twoThousandStepsNeedNoMoreMemoryThanTheFirst() {
        Usage before = usages.get(0);
        Usage after = usages.get(1);
        assertThat(after.handedOut() - before.handedOut()).as("JavaCPP").isLessThan(100_000);
        assertThat(after.heap() - before.heap()).as("heap").isLessThan(1_000_000);
        assertThat(after.resident() - before.resident()).as("process").isLessThan(before.resident() / 100);
    }

    /** Each of the networks has 3 MB of values and gradients. */
    @Test
    void aClosedNetworkLeavesNothingThatWaitsForACollection() {
        assertThat(usages.get(2).resident() - usages.get(1).resident())
                .as("process after %d networks", NETWORKS)
                .isLessThan(10_000_000);
    }

    /** Trains and prints the usage before and after. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (BlockNetwork block = network()) {
            train(block, WARM_UP);
            MemoryFigures figures = block.memory();
            System.out.println(Usage.now().line());
            train(block, STEPS);
            System.out.println(Usage.now().line());
            if (!block.memory().equals(figures)) {
                throw new IllegalStateException("The network's own figures grew");
            }
        }
        for (int i = 0; i < NETWORKS; i++) {
            try (BlockNetwork block = network()) {
                train(block, 2);
            }
        }
        System.out.println(new Usage(0, 0, Usage.residentNow()).line());
    }

    private static BlockNetwork network() {
        return new Dl4jNetworks()
                .block(
                        ImagePart.embedding(IMAGE_WIDTH),
                        new OneHotEmbedding(CLASSES),
                        OptimiserSettings.adamW(1e-3, 1e-3),
                        1);
    }

    /** Nine whole batches and a smaller one, again and again, with some inference. */
    private static void train(BlockNetwork block, int steps) {
        BlockBatch whole = Batch.block(1, ROWS, IMAGE_WIDTH, CLASSES);
        BlockBatch rest = Batch.block(2, ROWS / 3, IMAGE_WIDTH, CLASSES);
        float[] features = new float[ROWS * block.featureWidth()];
        float[] output = new float[ROWS * CLASSES];
        for (int step = 0; step < steps; step++) {
            double error = block.trainStep(step % 10 == 9 ? rest : whole, .3);
            if (Double.isNaN(error)) {
                throw new IllegalStateException("The error is not a number");
            }
            if (step % 100 == 0) {
                block.encodeImages(ROWS, whole.images(), features);
                block.denoise(ROWS, features, whole.noisedLabels(), output, null);
            }
        }
    }

    private static List<Usage> usagesOfAnotherJvm() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SteadyMemoryTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // What is freed leaves the process at once.
        builder.environment()
                .putAll(Map.of(
                        "MALLOC_ARENA_MAX", "1", "MALLOC_MMAP_THRESHOLD_", "65536", "MALLOC_TRIM_THRESHOLD_", "65536"));
        Process jvm = builder.start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(output).isZero();
        return output.lines()
                .filter(line -> line.startsWith("USAGE "))
                .map(Usage::parse)
                .toList();
    }
}
