package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.ProcessMemory;

/**
 * Nothing that training allocates grows with the number of steps. Measured in a JVM of its own, whose heap
 * is in memory from the start and whose compiler is done soon, so that the process grows by native memory
 * only. ND4J frees what was not freed when Java collects garbage, which in a task may be much later.
 */
class SteadyMemoryTest {
    private static final int IMAGE_WIDTH = 32;
    private static final int CLASSES = 10;
    private static final int WIDTH = 8;
    private static final int ROWS = 24;
    private static final int WARM_UP = 1_000;
    private static final int STEPS = 2_000;
    private static final int NETWORKS = 12;

    /**
     * Bytes after a collection.
     *
     * @param handedOut by JavaCPP
     * @param heap used of the Java heap
     * @param resident of the whole process
     */
    private record Usage(long handedOut, long heap, long resident) {
        static Usage now() throws InterruptedException {
            ProcessMemory.collect();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return new Usage(Pointer.totalBytes(), heap, ProcessMemory.resident());
        }

        static Usage parse(String line) {
            String[] fields = line.split(" ", -1);
            return new Usage(Long.parseLong(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3]));
        }

        String line() {
            return "USAGE " + handedOut + " " + heap + " " + resident;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "learned", "continuous", "flow"})
    @EnabledOnOs(OS.LINUX)
    void twoThousandStepsNeedNoMoreMemoryThanTheFirstAndAClosedNetworkLeavesNothing(String kind) throws Exception {
        List<Usage> usages = usagesOfAnotherJvm(kind);
        assertThat(usages).hasSize(3);
        Usage before = usages.get(0);
        Usage after = usages.get(1);
        assertThat(after.handedOut() - before.handedOut()).as("JavaCPP").isLessThan(100_000);
        assertThat(after.heap() - before.heap()).as("heap").isLessThan(1_000_000);
        assertThat(after.resident() - before.resident()).as("process").isLessThan(before.resident() / 100);
        assertThat(usages.get(2).resident() - after.resident())
                .as("process after %d networks, each of 3 MB of values and gradients", NETWORKS)
                .isLessThan(10_000_000);
    }

    /** Trains and prints the usage before and after. */
    public static void main(String[] arguments) throws InterruptedException {
        try (Block block = block(arguments[0])) {
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
            try (Block another = block(arguments[0])) {
                train(another, 2);
            }
        }
        System.out.println(new Usage(0, 0, ProcessMemory.resident()).line());
    }

    private static Block block(String kind) {
        TimeIntervals whole = TimeIntervals.equalTime(1, 0);
        Method method =
                switch (kind) {
                    case "fixed", "learned" -> new Method.Discrete(NoiseSchedule.cosine(3), 1, 30);
                    case "continuous" -> new Method.Continuous(
                            new ContinuousSettings(MonotoneGamma.initial(-4, 4), true, 1, 30), whole);
                    default -> new Method.FlowMatching(0, whole);
                };
        LabelEmbedding labels =
                kind.equals("fixed") ? new OneHotEmbedding(CLASSES) : LearnedEmbedding.initial(CLASSES, WIDTH, 7);
        return RandomBatches.block(
                method, 1, ImagePart.embedding(IMAGE_WIDTH), labels, OptimiserSettings.adamW(1e-3, 1e-3), 1);
    }

    /** Nine whole batches and a smaller one, again and again. */
    private static boolean isRest(int step) {
        return step % 10 == 9;
    }

    private static void train(Block block, int steps) {
        int width = block.shape().labelWidth();
        Batch whole = RandomBatches.of(1, ROWS, IMAGE_WIDTH, CLASSES, width);
        Batch rest = RandomBatches.of(2, ROWS / 3, IMAGE_WIDTH, CLASSES, width);
        for (int step = 0; step < steps; step++) {
            if (Double.isNaN(block.trainStep(isRest(step) ? rest : whole).error())) {
                throw new IllegalStateException("The error is not a number");
            }
            if (step % 100 == 0) {
                look(block, whole);
            }
        }
    }

    private static void look(Block block, Batch batch) {
        float[] features = new float[ROWS * block.featureWidth()];
        float[] z = RandomBatches.floats(batch.noise());
        block.encodeImages(ROWS, batch.images(), features);
        block.estimate(ROWS, features, z, .5, new float[z.length], new float[ROWS * CLASSES]);
    }

    private static List<Usage> usagesOfAnotherJvm(String kind) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SteadyMemoryTest.class.getName(),
                        kind)
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
