package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.noprop.config.ConfigReader;
import org.noprop.config.InvalidConfigException;
import org.noprop.evaluation.RunFiguresReader;
import org.noprop.inference.LoadedModel;
import org.noprop.inference.ModelFolder;
import org.noprop.inference.TableRows;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.Tensor;
import org.noprop.training.EpochMetrics;

/**
 * Ten thousand damaged files of every kind that the program reads: each is read as if it were whole, or is refused in a
 * sentence that names it; one without a checksum may also be read as another that is valid in itself. Nothing takes long
 * or much memory. The number of a case is its seed.
 */
class DamagedFilesTest {
    private static final Path FIRST_VERSION = Path.of("src/test/resources/first-version");
    private static final Configuration HADOOP = new Configuration();
    private static final String PROTOTYPES = "run/a/label-embedding/prototypes.safetensors";
    private static final long MOST_BYTES = 500_000_000;
    private static final long MOST_NANOS = 10_000_000_000L;
    private static final long LOOK_MILLIS = 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    static Path folder;

    /**
     * A kind of file.
     *
     * @param file that is damaged, below the folder
     * @param vouched whether a checksum vouches for its content, so that nothing else may be read
     * @param cases how many are tried
     */
    private record Kind(String name, String file, boolean vouched, int cases, Reading reading) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Reads whatever the file belongs to, into a value with equals. */
    private interface Reading {
        Object read() throws Exception;
    }

    static Stream<Kind> kinds() {
        return Stream.of(
                new Kind("weights", "run/a/blocks/block=01/weights.safetensors", true, 900, () -> run().block(1)
                        .weights()),
                new Kind(
                        "weights of a checkpoint",
                        checkpoint("weights.safetensors"),
                        true,
                        500,
                        DamagedFilesTest::checkpoints),
                new Kind("state of a checkpoint", checkpoint("state.json"), true, 500, DamagedFilesTest::checkpoints),
                new Kind("state.json", "run/a/blocks/block=01/state.json", true, 700, () -> run().block(1)
                        .state()),
                new Kind("run.json", "run/a/run.json", true, 700, () -> run().record()),
                new Kind("run.json of the first version", "old/stopped/run.json", false, 300, () -> RunFolder.open(
                                HADOOP, folder + "/old", "stopped")
                        .record()),
                new Kind("lock.json", "lock.json", true, 300, DamagedFilesTest::lock),
                new Kind("metrics.jsonl", "run/a/blocks/block=01/metrics.jsonl", true, 400, () -> lines(1)),
                new Kind("unfinished metrics.jsonl", "run/a/blocks/block=02/metrics.jsonl", false, 500, () -> lines(2)),
                new Kind(
                        "metrics.json",
                        "run/a/evaluation/metrics.json",
                        false,
                        600,
                        () -> RunFiguresReader.read(run())),
                new Kind("model.json", "run/a/model/model.json", true, 700, () -> model("run/a/model")),
                new Kind("model.safetensors", "run/a/model/model.safetensors", true, 500, () -> model("run/a/model")),
                new Kind(
                        "model.json of the first version",
                        "old/model/model.json",
                        false,
                        700,
                        () -> model("old/model")),
                new Kind(
                        "model.safetensors of the first version",
                        "old/model/model.safetensors",
                        false,
                        300,
                        () -> model("old/model")),
                new Kind("prototypes", PROTOTYPES, true, 400, () -> run().readTensors(
                                "label-embedding/prototypes.safetensors")),
                new Kind("embeddings.json", "embeddings/embeddings.json", true, 600, () -> embeddings("embeddings")),
                new Kind("pictures", "embeddings/pictures.safetensors", true, 300, () -> embeddings("embeddings")),
                new Kind(
                        "embeddings.json of the first version",
                        "old/embeddings/embeddings.json",
                        false,
                        400,
                        () -> embeddings("old/embeddings")),
                new Kind("Parquet", "embeddings/test/part-00000.parquet", false, 500, () -> embeddings("embeddings")),
                new Kind("idx", "mnist/t10k-images-idx3-ubyte", false, 200, DamagedFilesTest::mnist),
                new Kind("gzipped idx", "mnist/t10k-labels-idx1-ubyte.gz", false, 200, DamagedFilesTest::mnist),
                new Kind("CIFAR", "cifar/test_batch.bin", false, 100, DamagedFilesTest::cifar),
                new Kind("PNG", "image.png", false, 300, () -> image("image.png")),
                new Kind("JPEG", "image.jpg", false, 300, () -> image("image.jpg")),
                new Kind("preset", "x.conf", false, 300, () -> ConfigReader.read(folder.resolve("x.conf"), List.of())),
                new Kind("override", "override.txt", false, 200, DamagedFilesTest::override),
                new Kind("tar.gz", "a.tar.gz", false, 300, () -> unpacked("a.tar.gz")),
                new Kind("tar", "a.tar", false, 500, DamagedFilesTest::archive));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aDamagedFileIsReadAsItWasOrRefusedByName(Kind kind) throws Exception {
        Path file = folder.resolve(kind.file);
        byte[] whole = Files.readAllBytes(file);
        Object right = kind.reading.read();
        List<String> wrong = new ArrayList<>();
        AtomicReference<Case> current = new AtomicReference<>();
        FutureTask<Void> cases = new FutureTask<>(() -> {
            for (int seed = 0; seed < kind.cases; seed++) {
                Damage damage = Damage.of(whole, seed);
                Files.write(file, damage.bytes());
                current.set(Case.beginning(damage));
                outcome(kind, right).ifPresent(problem -> wrong.add(damage + ": " + problem));
            }
            return null;
        });
        watch(cases, current);
        Files.write(file, whole);
        assertThat(wrong).as("%s, %d cases", kind.name, kind.cases).isEmpty();
    }

    /**
     * A case at work.
     *
     * @param nanos when it began
     * @param bytes what its thread had allocated then
     * @param outside the memory outside the heap that there was
     */
    private record Case(Damage damage, long nanos, long bytes, long outside) {
        static Case beginning(Damage damage) {
            return new Case(damage, System.nanoTime(), THREADS.getCurrentThreadAllocatedBytes(), Pointer.totalBytes());
        }

        boolean isWithinBounds(Thread thread) {
            return System.nanoTime() - nanos <= MOST_NANOS
                    && THREADS.getThreadAllocatedBytes(thread.getId()) - bytes <= MOST_BYTES
                    && Pointer.totalBytes() - outside <= MOST_BYTES;
        }
    }

    /** Ends the test where a case does not end, or takes memory without end, which it could not tell itself. */
    private static void watch(FutureTask<Void> cases, AtomicReference<Case> current) throws Exception {
        Thread worker = new Thread(cases, "damaged files");
        worker.setDaemon(true);
        worker.start();
        while (!cases.isDone()) {
            worker.join(LOOK_MILLIS);
            Case now = current.get();
            if (now != null && !now.isWithinBounds(worker) && current.get().nanos == now.nanos && !cases.isDone()) {
                fail(
                        "%s takes more than %d ns or %d bytes, at %s",
                        now.damage, MOST_NANOS, MOST_BYTES, List.of(worker.getStackTrace()));
            }
        }
        cases.get();
    }

    /** What is wrong with how a damaged file is taken; nothing if it is right. */
    private static Optional<String> outcome(Kind kind, Object right) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = System.nanoTime();
        String problem = null;
        try {
            Object found = kind.reading.read();
            problem = kind.vouched && !found.equals(right) ? "it is read as " + found : null;
        } catch (InvalidInputException | InvalidConfigException | DamagedImageException e) {
            String name = Path.of(kind.file).getFileName().toString();
            boolean named = e instanceof DamagedImageException
                    || kind.name.equals("override")
                    || e.getMessage().contains(name)
                    || e.getMessage()
                            .contains(folder.resolve(kind.file).getParent().toString());
            problem = named ? null : "the sentence does not name it: " + e.getMessage();
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            problem = "it ends in " + e + " at "
                    + Arrays.stream(e.getStackTrace()).limit(6).toList();
        }
        long spent = System.nanoTime() - nanos;
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        return spent > MOST_NANOS || allocated > MOST_BYTES
                ? Optional.of("it takes " + spent / 1e9 + " s and " + allocated + " bytes")
                : Optional.ofNullable(problem);
    }

    @BeforeAll
    static void writeTheFiles() throws Exception {
        copy(FIRST_VERSION.resolve("run"), folder.resolve("old/stopped"));
        copy(FIRST_VERSION.resolve("model"), folder.resolve("old/model"));
        copy(FIRST_VERSION.resolve("embeddings"), folder.resolve("old/embeddings"));
        copy(FIRST_VERSION.resolve("embeddings"), folder.resolve("embeddings"));
        EmbeddingDescription description =
                EmbeddingFolder.open(HADOOP, folder + "/embeddings").description();
        EmbeddingFolder.finish(HADOOP, folder + "/embeddings", description, "a card");
        writeRun();
        LockRecord lock = LockRecord.of("0wner", "train-blocks", List.of("head"));
        Files.writeString(folder.resolve("lock.json"), Json.write(lock));
        writeImages();
        Files.writeString(
                folder.resolve("x.conf"),
                """
                noprop {
                  data { kind = mnist, path = data/mnist }
                  network.channels = [8, 16]
                  training {
                    epochs = 3 # three
                    learning-rate = 0.01
                    patience = ${?NOPROP_NO_SUCH_VARIABLE}
                  }
                }
                """);
        Files.writeString(folder.resolve("override.txt"), "network.channels=[8, 16, 32]");
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(archive)) {
            for (String name : List.of("toys/a.bin", "toys/b.bin")) {
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setSize(700);
                tar.putArchiveEntry(entry);
                tar.write(new byte[700]);
                tar.closeArchiveEntry();
            }
        }
        Files.write(folder.resolve("a.tar"), archive.toByteArray());
        Files.write(folder.resolve("a.tar.gz"), gzipped(archive.toByteArray()));
    }

    private static byte[] gzipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzipped)) {
            out.write(bytes);
        }
        return gzipped.toByteArray();
    }

    /** A run with a finished block, one in training and a model, which is that of the first version. */
    private static void writeRun() throws IOException {
        RunFolder run = RunFolder.create(HADOOP, folder + "/run", "a");
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        run.update(
                new RunRecord("a", "x", "5e77", 1, "da7a", RunRecord.Status.FINISHED, now, now, Map.of("java", "17")));
        ModelFolder old = ModelFolder.read(HADOOP, folder + "/old/model");
        SortedMap<String, Tensor> tensors = run.readTensors("../../old/model/model.safetensors");
        SortedMap<String, Tensor> shared = named(tensors, "head.", "head.");
        shared.putAll(named(tensors, "label-embedding", "label-embedding"));
        for (int t = 1; t <= 2; t++) {
            SortedMap<String, Tensor> own = named(tensors, "block.0" + t + ".", "");
            own.putAll(shared);
            run.block(t).writeMetrics(List.of(line(1), line(2), line(3)));
            run.block(t).checkpoint(state(2), own, own);
            run.block(t).checkpoint(state(3), own, own);
            run.block(t).finish(state(3), own);
        }
        run.head().finish(state(3), named(tensors, "head.", "head."));
        run.labelEmbedding().finish(state(3), named(tensors, "label-embedding", "label-embedding"));
        ModelFolder.write(run, old.settings(), old.description(), new TreeMap<>());
        Files.delete(folder.resolve("run/a/blocks/block=02/state.json"));
        SortedMap<String, Tensor> own = named(tensors, "block.02.", "");
        run.block(2).checkpoint(state(2), own, own);
        run.block(2).checkpoint(state(3), own, own);
        run.writeTensors(
                "label-embedding/prototypes.safetensors",
                new TreeMap<>(Map.of("label-embedding", Tensor.matrix(2, 3, new float[] {1, 2, 3, 4, 5, 6}))));
        run.writeText("evaluation/metrics.json", Files.readString(FIRST_VERSION.resolve("metrics.json")));
    }

    private static ArtifactState state(int epoch) {
        List<String> lines =
                IntStream.rangeClosed(1, epoch).mapToObj(DamagedFilesTest::line).toList();
        return new ArtifactState("block", epoch, 3, "5e77", Map.of("seconds", 1.5), lines);
    }

    private static String line(int epoch) {
        return new EpochMetrics(epoch, 3, 0.25, new TreeMap<>(Map.of("squared-error", 0.5 / epoch))).toJson();
    }

    private static SortedMap<String, Tensor> named(SortedMap<String, Tensor> all, String prefix, String instead) {
        SortedMap<String, Tensor> own = new TreeMap<>();
        all.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                own.put(instead + name.substring(prefix.length()), tensor);
            }
        });
        return own;
    }

    private static void writeImages() throws IOException {
        Path mnist = Files.createDirectories(folder.resolve("mnist"));
        for (String part : List.of("train", "t10k")) {
            int count = part.equals("train") ? 6 : 3;
            ByteBuffer images = ByteBuffer.allocate(16 + count * 784)
                    .putInt(0x803)
                    .putInt(count)
                    .putInt(28)
                    .putInt(28);
            Files.write(mnist.resolve(part + "-images-idx3-ubyte"), images.array());
            ByteBuffer labels =
                    ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count).put(8, (byte) 1);
            Files.write(mnist.resolve(part + "-labels-idx1-ubyte.gz"), gzipped(labels.array()));
        }
        Path cifar = Files.createDirectories(folder.resolve("cifar"));
        for (int file = 0; file <= 5; file++) {
            byte[] records = new byte[2 * 3073];
            Arrays.fill(records, (byte) file);
            Files.write(cifar.resolve(file == 0 ? "test_batch.bin" : "data_batch_" + file + ".bin"), records);
        }
        Files.writeString(
                cifar.resolve("batches.meta.txt"),
                String.join("\n", IntStream.range(0, 10).mapToObj(i -> "c" + i).toList()));
        BufferedImage image = new BufferedImage(20, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 320; i++) {
            image.setRGB(i % 20, i / 20, i * 7919);
        }
        ImageIO.write(image, "png", folder.resolve("image.png").toFile());
        ImageIO.write(image, "jpg", folder.resolve("image.jpg").toFile());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    private static RunFolder run() {
        return RunFolder.open(HADOOP, folder + "/run", "a");
    }

    private static String checkpoint(String file) {
        return "run/a/blocks/block=02/checkpoint-3/" + file;
    }

    /** That of epoch 3, or where it is damaged that of epoch 2, which has the same tensors. */
    private static Object checkpoints() {
        return run().block(2).latestCheckpoint("5e77").orElseThrow().weights();
    }

    private static Object lock() throws IOException {
        Path file = folder.resolve("lock.json");
        return Json.read(
                new String(Files.readAllBytes(file), StandardCharsets.UTF_8), LockRecord.class, file.toString());
    }

    private static Object lines(int block) {
        Artifact artifact = run().block(block);
        return EpochMetrics.parse(artifact.metrics(), artifact.path() + "/metrics.jsonl");
    }

    private static Object model(String path) {
        ModelFolder model = ModelFolder.read(HADOOP, folder + "/" + path);
        EmbeddingTable table = EmbeddingTable.of(new long[] {1}, new int[] {0}, new float[][] {
            new float[model.description().width()]
        });
        try (LoadedModel loaded = model.open()) {
            float[] probabilities = loaded.predict(TableRows.all(table), 0).row(0);
            for (float probability : probabilities) {
                assertThat(probability).isBetween(0f, 1f);
            }
            return List.of(model.description(), model.settings(), Tensor.vector(probabilities));
        }
    }

    private static Object embeddings(String path) {
        EmbeddingFolder embeddings = EmbeddingFolder.open(HADOOP, folder + "/" + path);
        EmbeddingTable table = embeddings.read(Split.TEST);
        List<Object> all = new ArrayList<>(List.of(embeddings.description()));
        for (int row = 0; row < table.rows(); row++) {
            float[] values = new float[table.width()];
            table.copyRow(row, values, 0);
            all.add(List.of(table.id(row), table.label(row), Tensor.vector(values)));
        }
        embeddings.pictures(Split.TEST).ifPresent(pictures -> all.add(pictures.tensor()));
        return all;
    }

    private static Object mnist() {
        return images(new MnistSource(folder + "/mnist"));
    }

    private static Object cifar() {
        return images(new CifarSource(CifarSource.Variant.CIFAR10, folder + "/cifar"));
    }

    private static Object images(ImageSource source) {
        ImageSourceSummary summary = source.inspect(HADOOP);
        try (ImageReader reader = source.open(HADOOP, ImageSource.Part.TEST)) {
            for (long i = 0; i < summary.testImages(); i++) {
                reader.read(i);
            }
        }
        return summary;
    }

    private static Object image(String name) throws IOException, DamagedImageException {
        byte[] file = Files.readAllBytes(folder.resolve(name));
        Picture picture = Picture.decode(file);
        byte[] pixels = new ImageDecoder(new ImageShape(16, 20, 3), true).fit(picture);
        return List.of(picture.shape(), ByteBuffer.wrap(pixels));
    }

    private static Object override() throws IOException {
        String text = new String(Files.readAllBytes(folder.resolve("override.txt")), StandardCharsets.UTF_8);
        return ConfigReader.read("x", List.of(text));
    }

    /** Damage of what is compressed, which no checksum of gzip tells. */
    private static Object archive() throws IOException {
        Files.write(folder.resolve("of-a.tar.gz"), gzipped(Files.readAllBytes(folder.resolve("a.tar"))));
        return unpacked("of-a.tar.gz");
    }

    private static Object unpacked(String archive) throws IOException {
        Path into = Files.createDirectories(folder.resolve("unpacked"));
        try {
            new TarArchive(folder.resolve(archive)).unpack(List.of("a.bin", "b.bin"), into);
            return List.of(Files.size(into.resolve("a.bin")), Files.size(into.resolve("b.bin")));
        } catch (IOException e) {
            throw new DamagedFileException(archive + ": " + e.getMessage(), e);
        }
    }
}
