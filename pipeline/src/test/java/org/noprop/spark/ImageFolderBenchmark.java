package org.noprop.spark;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.ConfigReader;
import org.noprop.config.NoPropConfig;
import org.noprop.data.CifarSource;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.Image;
import org.noprop.data.ImageReader;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.ImageSourceSummary;
import org.noprop.data.RunFolder;

/**
 * Jobs over CIFAR-10's images as PNG files, one in a process: {@code make SOURCE FOLDER}, {@code model FOLDER}, {@code
 * preprocess FOLDER} and {@code predict FOLDER}. The last two print the seconds of listing the files alone, the seconds
 * from the start of the process to the last row, and how many images there were.
 */
public final class ImageFolderBenchmark {
    private static final int SIDE = 32;
    private static final int FEW = 1000;
    private static final String CORES = "local[2]";

    private ImageFolderBenchmark() {}

    /** Runs one. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[arguments.length - 1]);
        switch (arguments[0]) {
            case "make" -> make(new CifarSource(CifarSource.Variant.CIFAR10, arguments[1]), folder);
            case "model" -> model(folder);
            case "preprocess" -> report(folder, ImageFolderBenchmark::preprocess);
            case "predict" -> report(folder, ImageFolderBenchmark::predict);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** All images below {@code all}, and some below {@code few}. */
    private static void make(CifarSource source, Path folder) {
        ImageSourceSummary summary = source.inspect(new Configuration());
        for (Part part : Part.values()) {
            IntStream.range(0, 2).parallel().forEach(half -> {
                try (ImageReader images = source.open(new Configuration(), part)) {
                    for (long i = half; i < summary.images(part); i += 2) {
                        Image image = images.read(i);
                        String name = part + "/" + summary.classNames().get(image.label()) + "/" + i + ".png";
                        write(image, folder.resolve("all/" + name));
                        if (i < FEW) {
                            write(image, folder.resolve("few/" + name));
                        }
                    }
                }
            });
        }
    }

    private static void write(Image image, Path file) {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
        byte[] rgb = image.bytes();
        for (int i = 0; i < SIDE * SIDE; i++) {
            picture.setRGB(
                    i % SIDE,
                    i / SIDE,
                    (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff));
        }
        try {
            Files.createDirectories(file.getParent());
            ImageIO.write(picture, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A small one, of few images. */
    private static void model(Path folder) {
        NoPropConfig config = config(folder, "few", "diffusion.blocks=2", "training.epochs=1", "network.width=16");
        try (SparkSession session = session()) {
            new PreprocessJob(session, config).run(false);
            RunFolder run = new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.of("small"), false);
            new TrainBlocksJob(session, config, run).run(false);
            new EvaluateJob(session, config, run).run(false);
        }
    }

    private interface Job {
        long run(SparkSession session, Path folder);
    }

    private static void report(Path folder, Job job) {
        try (SparkSession session = session()) {
            long images = job.run(session, folder);
            double total = (System.currentTimeMillis()
                            - ManagementFactory.getRuntimeMXBean().getStartTime())
                    / 1000.0;
            long start = System.nanoTime();
            InputFiles.list(new Configuration(), folder.resolve("all").toString(), "");
            double listing = (System.nanoTime() - start) / 1e9;
            System.out.println(String.format(Locale.ROOT, "%.2f %.1f %d", listing, total, images));
        }
    }

    private static long preprocess(SparkSession session, Path folder) {
        new PreprocessJob(session, config(folder, "all")).run(false);
        return EmbeddingFolder.open(
                        new Configuration(), folder.resolve("embeddings-all").toString())
                .description()
                .rows()
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static long predict(SparkSession session, Path folder) {
        PredictJob.Request request = new PredictJob.Request(
                folder.resolve("runs/small/model").toString(),
                folder.resolve("all").toString(),
                folder.resolve("predictions").toString(),
                Optional.of(0),
                0,
                false);
        return new PredictJob(session, request).run().rows();
    }

    private static NoPropConfig config(Path folder, String images, String... more) {
        Path preset = folder.resolve("benchmark.conf");
        List<String> settings = new ArrayList<>(List.of(
                "data.kind=folder",
                "data.path=" + folder.resolve(images),
                "data.embeddings=" + folder.resolve("embeddings-" + images),
                "run.dir=" + folder.resolve("runs")));
        settings.addAll(List.of(more));
        try {
            Files.writeString(preset, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ConfigReader.read(preset, settings);
    }

    private static SparkSession session() {
        return SparkSession.builder()
                .master(CORES)
                .appName("benchmark")
                .config("spark.ui.enabled", false)
                .getOrCreate();
    }
}
