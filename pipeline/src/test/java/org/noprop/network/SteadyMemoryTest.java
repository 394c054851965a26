package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
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

    /** A network with the step that trains it and a look at what it says. */
    private record Subject(ImageNetwork network, IntToDoubleFunction step, Runnable inference) {}

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
        Subject subject = subject(arguments[0]);
        try (ImageNetwork network = subject.network()) {
            train(subject, WARM_UP);
            MemoryFigures figures = network.memory();
            System.out.println(Usage.now().line());
            train(subject, STEPS);
            System.out.println(Usage.now().line());
            if (!network.memory().equals(figures)) {
                throw new IllegalStateException("The network's own figures grew");
            }
        }
        for (int i = 0; i < NETWORKS; i++) {
            Subject another = subject(arguments[0]);
            train(another, 2);
            another.network().close();
        }
        System.out.println(new Usage(0, 0, ProcessMemory.resident()).line());
    }

    private static Subject subject(String kind) {
        Networks networks = new Dl4jNetworks();
        ImagePart image = ImagePart.embedding(IMAGE_WIDTH);
        LabelEmbedding labels = LearnedEmbedding.initial(CLASSES, WIDTH, 7);
        HeadSettings head = new HeadSettings.Linear();
        OptimiserSettings adam = OptimiserSettings.adamW(1e-3, 1e-3);
        return switch (kind) {
            case "fixed" -> fixed(networks.block(image, new OneHotEmbedding(CLASSES), adam, 1));
            case "learned" -> learned(
                    networks.learnedBlock(image, labels, head, new DiscreteStep(.3, .1, .9, .5), adam, 1));
            case "continuous" -> timed(networks.continuousBlock(
                    image, labels, head, new ContinuousSettings(MonotoneGamma.initial(-4, 4), true, 1, 30), adam, 1));
            default -> timed(networks.flowBlock(image, labels, head, 0, adam, 1));
        };
    }

    private static Subject fixed(BlockNetwork block) {
        BlockBatch whole = Batch.block(1, ROWS, IMAGE_WIDTH, CLASSES);
        BlockBatch rest = Batch.block(2, ROWS / 3, IMAGE_WIDTH, CLASSES);
        return new Subject(
                block,
                step -> block.trainStep(isRest(step) ? rest : whole, .3),
                () -> denoise(block, whole.images(), whole.noisedLabels(), CLASSES));
    }

    private static Subject learned(LearnedBlock block) {
        BlockBatch rows = Batch.block(1, ROWS, IMAGE_WIDTH, CLASSES);
        float[] noise = Batch.normal(new SplittableRandom(3), ROWS * WIDTH);
        return new Subject(
                block,
                step -> block.trainStep(new NoiseBatch(
                                isRest(step) ? ROWS / 3 : ROWS,
                                rows.images(),
                                noise,
                                noise,
                                rows.labels(),
                                new long[0]))
                        .error(),
                () -> denoise(block, rows.images(), noise, WIDTH));
    }

    private static void denoise(Denoiser block, float[] images, float[] z, int width) {
        float[] features = new float[ROWS * block.featureWidth()];
        block.encodeImages(ROWS, images, features);
        block.denoise(ROWS, features, z, new float[ROWS * width], null);
    }

    private static Subject timed(TimeBlock block) {
        BlockBatch rows = Batch.block(1, ROWS, IMAGE_WIDTH, CLASSES);
        SplittableRandom random = new SplittableRandom(3);
        float[] noise = Batch.normal(random, ROWS * WIDTH);
        double[] times = random.doubles(ROWS).toArray();
        return new Subject(
                block,
                step -> block.trainStep(
                                new TimeBatch(
                                        isRest(step) ? ROWS / 3 : ROWS,
                                        rows.images(),
                                        times,
                                        noise,
                                        noise,
                                        rows.labels(),
                                        new long[0]),
                                1)
                        .error(),
                () -> {
                    float[] features = new float[ROWS * block.featureWidth()];
                    block.encodeImages(ROWS, rows.images(), features);
                    block.estimate(ROWS, features, noise, .5, new float[ROWS * WIDTH], new float[ROWS * CLASSES]);
                });
    }

    /** Nine whole batches and a smaller one, again and again. */
    private static boolean isRest(int step) {
        return step % 10 == 9;
    }

    private static void train(Subject subject, int steps) {
        for (int step = 0; step < steps; step++) {
            if (Double.isNaN(subject.step().applyAsDouble(step))) {
                throw new IllegalStateException("The error is not a number");
            }
            if (step % 100 == 0) {
                subject.inference().run();
            }
        }
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
