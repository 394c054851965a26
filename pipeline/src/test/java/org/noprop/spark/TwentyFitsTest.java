package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.tensor.ProcessMemory;

/**
 * A session that fits again and again, as a notebook or a cross-validation does, holds on to nothing. Measured in a JVM of
 * its own, whose temporary files are in a folder of its own.
 */
class TwentyFitsTest {
    private static final int FITS = 20;
    private static final int WARM_UP = 5;

    /** Less than what a leak in every other fit makes. */
    private static final long SLACK = (FITS - WARM_UP) / 2;

    private static final long RESIDENT_SLACK = 30_000_000;

    /**
     * What a process holds after a collection.
     *
     * @param files descriptors
     * @param listeners of Spark's events
     * @param handedOut native bytes, by JavaCPP
     * @param resident bytes of the whole process
     * @param temporary files and folders
     */
    private record Usage(long threads, long files, long listeners, long handedOut, long resident, long temporary) {
        static Usage now(SparkSession session) throws IOException, InterruptedException {
            ProcessMemory.collect();
            return new Usage(
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    entries(Path.of("/proc/self/fd"), 1),
                    session.sparkContext().listenerBus().listeners().size(),
                    Pointer.totalBytes(),
                    ProcessMemory.resident(),
                    entries(Path.of(System.getProperty("java.io.tmpdir")), Integer.MAX_VALUE));
        }

        private static long entries(Path folder, int depth) throws IOException {
            try (Stream<Path> entries = Files.walk(folder, depth)) {
                return entries.count();
            }
        }

        static Usage parse(String line) {
            long[] values = Arrays.stream(line.split(" ", -1))
                    .skip(1)
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new Usage(values[0], values[1], values[2], values[3], values[4], values[5]);
        }

        String line() {
            return "USAGE " + threads + " " + files + " " + listeners + " " + handedOut + " " + resident + " "
                    + temporary;
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void twentyFitsHoldOnToNoMoreThanFive(@TempDir Path folder) throws Exception {
        List<Usage> usages = usagesOfAnotherJvm(folder);

        assertThat(usages).hasSize(2);
        Usage before = usages.get(0);
        Usage after = usages.get(1);
        assertThat(after.threads() - before.threads()).as("threads").isLessThan(SLACK);
        assertThat(after.files() - before.files()).as("file descriptors").isLessThan(SLACK);
        assertThat(after.listeners()).as("listeners").isEqualTo(before.listeners());
        assertThat(after.temporary() - before.temporary()).as("temporary files").isLessThan(SLACK);
        assertThat(after.handedOut() - before.handedOut()).as("JavaCPP").isLessThan(100_000);
        assertThat(after.resident() - before.resident()).as("process").isLessThan(RESIDENT_SLACK);
    }

    /** Fits, predicts, and prints the usage before and after. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (SparkSession session = LocalSpark.withCores(2)) {
            Dataset<Row> points = points(session);
            for (int fit = 1; fit <= FITS; fit++) {
                // Another seed each time, as else the second would find nothing left to do.
                new NoPropClassifier()
                        .setBlocks(2)
                        .setEpochs(1)
                        .setHeadEpochs(1)
                        .setBatchSize(16)
                        .setSeed(fit)
                        .fit(points)
                        .transform(points)
                        .select("prediction")
                        .collectAsList();
                if (fit == WARM_UP || fit == FITS) {
                    System.out.println(Usage.now(session).line());
                }
            }
        }
    }

    /** Three clouds. */
    private static Dataset<Row> points(SparkSession session) {
        List<Row> rows = IntStream.range(0, 60)
                .mapToObj(i -> RowFactory.create((double) (i % 3), Vectors.dense(i % 3 + .01 * i, i % 2, 1 - i % 3)))
                .toList();
        StructType schema = new StructType()
                .add("label", DataTypes.DoubleType, false)
                .add("features", SQLDataTypes.VectorType(), false);
        return session.createDataFrame(rows, schema);
    }

    private static List<Usage> usagesOfAnotherJvm(Path folder) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-opens"))
                .forEach(line::add);
        line.addAll(List.of(
                "-Xms512m",
                "-Xmx512m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                TwentyFitsTest.class.getName()));
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(log.toFile());
        // What is freed leaves the process at once.
        builder.environment()
                .putAll(Map.of(
                        "MALLOC_ARENA_MAX", "1", "MALLOC_MMAP_THRESHOLD_", "65536", "MALLOC_TRIM_THRESHOLD_", "65536"));
        Process jvm = builder.start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(Files.readString(log)).isZero();
        return output.lines()
                .filter(text -> text.startsWith("USAGE "))
                .map(Usage::parse)
                .toList();
    }
}
