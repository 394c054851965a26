package org.noprop.spark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.noprop.config.ConfigReader;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;
import org.noprop.tensor.ProcessMemory;

/**
 * Measures the memory of a real executor while it trains T blocks of the paper's CIFAR-10 network one after the
 * other, and while it trains their baseline: its resident peak above what it took when idle, for several T. Writes a
 * table to standard output and a plot to the file that is named first.
 */
public final class ExecutorMemoryBenchmark {
    private static final int[] BLOCKS = {2, 10, 40};
    private static final int ROWS = 256;
    private static final int WIDTH = 32 * 32 * 3;
    private static final int WARM_UP = 10;
    private static final int SPARKS_THREADS = 100;
    private static final double MB = 1e6;

    private ExecutorMemoryBenchmark() {}

    /** Runs; takes the plot's path without its ending. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        Map<Integer, Long> blocks = new TreeMap<>();
        Map<Integer, Long> baseline = new TreeMap<>();
        out.println("| T | executor that trains blocks | executor that trains the baseline |");
        out.println("|---|---|---|");
        for (int count : BLOCKS) {
            blocks.put(count, measure(count, false));
            baseline.put(count, measure(count, true));
            out.printf(
                    Locale.ROOT,
                    "| %d | %.1f MB | %.1f MB |%n",
                    count,
                    blocks.get(count) / MB,
                    baseline.get(count) / MB);
        }
        double least = blocks.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        double most = blocks.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        out.printf(Locale.ROOT, "Blocks: the largest is %.1f %% above the smallest.%n", 100 * (most / least - 1));
        plot(blocks, baseline, arguments[0]);
    }

    /**
     * The peak of one executor that has settled: it has trained some blocks, or a baseline of as many, so that classes
     * are loaded and compiled (here at their second use, not at their two hundredth), and Spark has all its threads.
     */
    private static long measure(int blocks, boolean baseline) throws IOException {
        Path folder = Files.createTempDirectory("noprop-executor");
        Map<String, String> settings = Map.of(
                "spark.executor.memory", "1500m",
                "spark.executor.extraJavaOptions",
                        "-Xms1500m -XX:+AlwaysPreTouch -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
                                + " -XX:CompileThresholdScaling=0.01",
                "spark.executorEnv.MALLOC_ARENA_MAX", "1",
                "spark.executorEnv.MALLOC_MMAP_THRESHOLD_", "65536",
                "spark.executorEnv.MALLOC_TRIM_THRESHOLD_", "65536",
                "spark.log.level", "WARN");
        try (SparkSession session = ClusterSpark.start(1, 1, 2048, settings)) {
            write(session, folder.resolve("embeddings").toString());
            train(session, config(folder, WARM_UP), "warm-up", baseline);
            JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
            startSparksThreads(spark);
            long idle = spark.parallelize(List.of(1), 1)
                    .map(one -> ProcessMemory.startPeak())
                    .collect()
                    .get(0);
            train(session, config(folder, blocks), "measured", baseline);
            return spark.parallelize(List.of(1), 1)
                            .map(one -> ProcessMemory.highest())
                            .collect()
                            .get(0)
                    - idle;
        }
    }

    /**
     * Spark broadcasts what each job does, and removes that later in a new thread of the executor's, of up to a hundred
     * that live for a minute and take 0.1 MB each.
     */
    private static void startSparksThreads(JavaSparkContext spark) {
        for (int i = 0; i < SPARKS_THREADS; i++) {
            spark.broadcast(i).unpersist(true);
        }
    }

    private static void train(SparkSession session, NoPropConfig config, String id, boolean baseline) {
        Runs runs = new Runs(session, config, List.of(), Map.of());
        if (baseline) {
            RunFolder run = runs.forBaseline(Optional.of(id), false);
            new TrainBaselineJob(session, config, run).run(false);
        } else {
            RunFolder run = runs.forBlocks(Optional.of(id), false);
            new TrainBlocksJob(session, config, run).run(false);
        }
    }

    private static NoPropConfig config(Path folder, int blocks) throws IOException {
        Path preset = Files.writeString(folder.resolve("memory.conf"), "");
        return ConfigReader.read(
                preset,
                List.of(
                        "run.dir=" + folder.resolve("runs"),
                        "data.embeddings=" + folder.resolve("embeddings"),
                        "data.validation-fraction=0",
                        "network.kind=convolutional",
                        "diffusion.blocks=" + blocks,
                        "training.epochs=1",
                        "training.head-epochs=1"));
    }

    private static void write(SparkSession session, String embeddings) {
        SplittableRandom random = new SplittableRandom(1);
        List<EmbeddingRow> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            float[] values = new float[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                values[i] = (float) random.nextDouble(-1, 1);
            }
            rows.add(new EmbeddingRow(row, row % 10, values));
        }
        session.createDataset(rows, Encoders.bean(EmbeddingRow.class))
                .coalesce(1)
                .select("id", "label", "embedding")
                .write()
                .parquet(EmbeddingFolder.splitFolder(embeddings, Split.TRAIN));
        EmbeddingDescription data = new EmbeddingDescription(
                List.of(32, 32, 3),
                List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
                Map.of(Split.TRAIN, (long) ROWS),
                "{}",
                "random");
        EmbeddingFolder.finish(new Configuration(), embeddings, data, "");
    }

    private static void plot(Map<Integer, Long> blocks, Map<Integer, Long> baseline, String file) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(640)
                .height(400)
                .title("Peak memory of a training executor above idle")
                .xAxisTitle("blocks T")
                .yAxisTitle("MB")
                .build();
        add(chart, "NoProp: blocks, one after the other", blocks);
        add(chart, "baseline, end to end", baseline);
        VectorGraphicsEncoder.saveVectorGraphic(chart, file, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
    }

    private static void add(XYChart chart, String name, Map<Integer, Long> bytes) {
        chart.addSeries(
                name,
                bytes.keySet().stream().mapToDouble(Integer::doubleValue).toArray(),
                bytes.values().stream().mapToDouble(value -> value / MB).toArray());
    }
}
