package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.Checksums;
import org.noprop.data.DigitSource;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.ImageReader;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Pictures;
import org.noprop.data.Split;
import org.noprop.embedding.ImageEmbedder;
import org.noprop.embedding.StoredEmbedder;

/** A user's own files, from folders of images and Parquet to image embeddings. */
class FilesPreprocessTest {
    private static final int TRAIN = 120;
    private static final int TEST = 30;
    private static final DigitSource DIGITS = new DigitSource(TRAIN, TEST, 5);

    @TempDir
    static Path folder;

    private static SparkSession session;
    private static Path parted;
    private static Path whole;

    @BeforeAll
    static void writeImages() throws IOException {
        session = LocalSpark.withCores(2);
        parted = folder.resolve("parted");
        PngFiles.write(DIGITS, Part.TRAIN, TRAIN, parted.resolve("train"));
        PngFiles.write(DIGITS, Part.TEST, TEST, parted.resolve("test"));
        whole = folder.resolve("whole");
        PngFiles.write(DIGITS, Part.TRAIN, TRAIN, whole);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void everyImageOfAFolderIsEmbeddedWithTheClassOfItsFolder() {
        EmbeddingDescription written = preprocess("folder", parted, "of-folder");

        assertThat(written.classNames()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(written.shape()).containsExactly(28, 28, 1);
        assertThat(written.rows().get(Split.TRAIN) + written.rows().get(Split.VALIDATION))
                .isEqualTo(TRAIN);
        assertThat(rows("of-folder", "test")).containsExactlyInAnyOrderElementsOf(embedded(written));
    }

    /** The test digits as their label and embedding, by the embedder that the folder stores. */
    private static List<String> embedded(EmbeddingDescription written) {
        List<String> rows = new ArrayList<>();
        ImageEmbedder embedder = StoredEmbedder.of(written.embedder(), written.shape(), new TreeMap<>(), "embeddings");
        try (ImageReader images = DIGITS.open(new Configuration(), Part.TEST);
                ImageEmbedder.Session embedding = embedder.open()) {
            for (int i = 0; i < TEST; i++) {
                var image = images.read(i);
                rows.add(image.label() + " "
                        + Arrays.toString(
                                embedding.embed(List.of(image.bytes())).get(0)));
            }
        }
        return rows;
    }

    private static List<String> rows(String embeddings, String split) {
        return session.read().parquet(folder + "/" + embeddings + "/" + split).collectAsList().stream()
                .map(row -> row.getInt(1) + " " + row.getList(2))
                .toList();
    }

    @Test
    void theFirstImagesAreKeptInTheOrderOfTheRows() {
        EmbeddingDescription written = preprocess("folder", parted, "of-pictures");
        EmbeddingFolder embeddings = EmbeddingFolder.open(new Configuration(), folder + "/of-pictures");
        for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
            Pictures pictures = embeddings.pictures(split).orElseThrow();
            EmbeddingTable table = embeddings.read(split);
            assertThat(pictures.rows()).isEqualTo(table.rows());
            float[] row = new float[784];
            byte[] bytes = new byte[784];
            ImageEmbedder embedder =
                    StoredEmbedder.of(written.embedder(), written.shape(), new TreeMap<>(), "embeddings");
            try (ImageEmbedder.Session embedding = embedder.open()) {
                for (int i = 0; i < table.rows(); i++) {
                    float[] values = pictures.values(i);
                    for (int pixel = 0; pixel < 784; pixel++) {
                        bytes[pixel] = (byte) values[pixel];
                    }
                    table.copyRow(i, row, 0);
                    assertThat(embedding.embed(List.of(bytes)).get(0)).isEqualTo(row);
                }
            }
        }
    }

    @Test
    void theSameImagesGiveTheSameFilesFromAFolderAndFromParquetInAnyOrder() throws IOException {
        for (String part : List.of("train", "test")) {
            Dataset<Row> files = session.read()
                    .format("binaryFile")
                    .option("recursiveFileLookup", true)
                    .load(parted + "/" + part);
            files.write().parquet(folder + "/binary-file/" + part);
            Dataset<Row> hugging = files.select(
                    functions
                            .struct(
                                    files.col("content").as("bytes"),
                                    functions.lit("x.png").as("path"))
                            .as("img"),
                    functions
                            .element_at(functions.split(files.col("path"), "/"), -2)
                            .cast("long")
                            .as("fine_label"));
            hugging.repartition(3).write().parquet(folder + "/hugging-face/" + part);
        }

        preprocess("folder", parted, "a");
        preprocess("parquet", folder.resolve("binary-file"), "b");
        preprocess("parquet", folder.resolve("hugging-face"), "c", "data.files.label=fine_label");

        assertThat(parquet("b")).isEqualTo(parquet("a")).hasSize(3);
        assertThat(parquet("c")).isEqualTo(parquet("a"));
    }

    /** Folders of earlier versions serve on: this one's figures are of the first version that read files. */
    @Test
    void idsLabelsEmbeddingsAndFingerprintsAreThoseOfTheFirstVersion() {
        EmbeddingDescription written = preprocess("folder", parted, "golden");
        String rows = session
                .read()
                .parquet(folder + "/golden/train", folder + "/golden/validation", folder + "/golden/test")
                .orderBy("id")
                .collectAsList()
                .stream()
                .map(row -> row.getLong(0) + " " + row.getInt(1) + " "
                        + row.getList(2).hashCode())
                .collect(Collectors.joining(";"));
        EmbeddingDescription cut =
                preprocess("folder", whole, "golden-cut", "data.files.size=[14,14,3]", "data.files.resize=true");

        assertThat(Checksums.sha256(rows.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("35d630aeb6d2afd39a96e1af48c032a154f27ef294f4a58ef64236fff329baf7");
        assertThat(written.fingerprint()).isEqualTo("12cc6b82511a3883f789795294351f97ca0dcfc0762ce6f01f997a5851674506");
        assertThat(cut.fingerprint()).isEqualTo("c22f64a835a5314775e61a77e7564bcee360871648662a4e37ca9021af8661ad");
        assertThat(cut.rows()).isEqualTo(Map.of(Split.TRAIN, 103L, Split.VALIDATION, 7L, Split.TEST, 10L));
    }

    @Test
    void withoutPartsTestImagesAreCutByWhatIsInThem() throws IOException {
        EmbeddingDescription written = preprocess("folder", whole, "cut", "data.files.test-fraction=0.3");
        long test = written.rows().get(Split.TEST);
        assertThat(test).isBetween(20L, 55L);
        assertThat(written.rows().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(TRAIN);

        Path twice = folder.resolve("twice");
        PngFiles.write(DIGITS, Part.TRAIN, TRAIN, twice);
        PngFiles.write(DIGITS, Part.TRAIN, TRAIN, twice.resolve("again"));
        for (int label = 0; label < 10; label++) {
            Files.move(twice.resolve("again/" + label), twice.resolve(label + "/again"));
        }
        Files.delete(twice.resolve("again"));
        assertThat(preprocess("folder", twice, "cut-twice", "data.files.test-fraction=0.3")
                        .rows())
                .containsEntry(Split.TEST, 2 * test);
    }

    @Test
    void damagedImagesAreListedAndLeftOutOrFailTheJob() throws IOException {
        Path some = folder.resolve("some");
        PngFiles.write(DIGITS, Part.TRAIN, TRAIN, some);
        Files.write(some.resolve("3/x.png"), "no image".getBytes(StandardCharsets.UTF_8));
        Files.write(some.resolve("4/y.jpg"), new byte[0]);
        ImageIO.write(
                new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB),
                "png",
                some.resolve("5/z.png").toFile());

        String listed = " images of " + some
                + " are damaged, more than noprop.data.files.max-damaged = 0.01 allows: file:" + some
                + "/3/x.png: neither PNG nor JPEG, GIF, BMP, TIFF or WebP, 8 bytes; file:" + some
                + "/4/y.jpg: the file is empty";
        assertRefused(
                "3 of 123" + listed + "; file:" + some
                        + "/5/z.png: 20 × 10 pixels where 28 × 28 belong (resizing is not asked for) (all of them: "
                        + folder + "/damaged-3/damaged)",
                "folder",
                some,
                "damaged-3",
                "data.files.max-damaged=0.01");
        assertThat(session.read()
                        .json(folder + "/damaged-3/damaged")
                        .filter("error = 'the file is empty'")
                        .count())
                .isEqualTo(1);
        assertRefused(
                "2 of 123" + listed + " (all of them: " + folder + "/damaged-2/damaged)",
                "folder",
                some,
                "damaged-2",
                "data.files.max-damaged=0.01",
                "data.files.resize=true");
        EmbeddingDescription written = preprocess("folder", some, "damaged-3", "data.files.max-damaged=0.03");
        assertThat(written.rows().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(TRAIN);
    }

    /** Names of cameras, patterns in paths, a neighbour that a pattern would find, leftovers, and files of all kinds. */
    @Test
    void ofAnUntidyFolderEveryFileIsUsedOrCounted() throws IOException {
        Path odd = folder.resolve("set[1] 100%, {a}/köln+#1");
        Path training = odd.resolve("Training");
        BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage red = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        red.setRGB(3, 3, 0xff0000);
        for (String name : List.of("_other", "cat, black", "x*y?")) {
            for (int i = 0; i < 4; i++) {
                grey.getRaster().setSample(i, 0, 0, 10 + name.length());
                red.setRGB(i, 1, name.length());
                image(grey, "png", training.resolve(name + "/_MG_000" + i + ".Png"));
                image(red, "jpg", training.resolve(name + "/_DSC_000" + i + ".JPEG"));
            }
            image(grey, "png", odd.resolve("TEST/" + name + "/a:b.png"));
        }
        image(grey, "png", folder.resolve("set1 100%, a/köln+#1/train/other/1.png"));
        image(grey, "png", odd.resolve("TEST/nobody/1.png"));
        image(grey, "png", odd.resolve("__MACOSX/Training/cat/1.png"));
        image(grey, "png", training.resolve(".ipynb_checkpoints/1.png"));
        Files.write(training.resolve("_other/.empty.png"), new byte[0]);
        Files.write(training.resolve("_other/readme.txt"), new byte[1]);
        image(grey, "png", odd.resolve("cover.png"));
        byte[] jpeg = Files.readAllBytes(training.resolve("_other/_DSC_0000.JPEG"));
        Files.write(training.resolve("x*y?/cut.jpg"), Arrays.copyOf(jpeg, jpeg.length * 9 / 10));

        EmbeddingDescription written = preprocess("folder", odd, "untidy [1]", "data.files.max-damaged=0.1");

        assertThat(written.classNames()).containsExactly("_other", "cat, black", "x*y?");
        assertThat(written.shape()).containsExactly(16, 16, 3);
        assertThat(written.rows().get(Split.TRAIN) + written.rows().get(Split.VALIDATION))
                .isEqualTo(24);
        assertThat(written.rows()).containsEntry(Split.TEST, 3L);
        assertThat(written.leftOut())
                .isEqualTo(Map.of(
                        "hidden",
                        3L,
                        "of another kind",
                        1L,
                        "outside of every class",
                        1L,
                        "of classes without training images",
                        1L,
                        "damaged",
                        1L));
        assertThat(Files.readString(folder.resolve("untidy [1]/README.md")))
                .contains("Files of the source that were left out: 1 damaged, 3 hidden, 1 of another kind, 1 of classes"
                        + " without training images, 1 outside of every class.");
    }

    private static void image(BufferedImage image, String format, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    }

    @Test
    void imagesAreResizedToTheSizeThatIsAskedFor() {
        EmbeddingDescription written =
                preprocess("folder", parted, "resized", "data.files.size=[14, 12, 3]", "data.files.resize=true");
        assertThat(written.shape()).containsExactly(14, 12, 3);
        assertThat(written.rows()).containsEntry(Split.TEST, (long) TEST);
    }

    @Test
    void embeddingsThatAreThereBecomeThoseOfARun() {
        EmbeddingDescription images = preprocess("folder", parted, "first");
        EmbeddingDescription again = preprocess("embeddings", folder.resolve("first"), "second");

        assertThat(again.classNames()).isEqualTo(images.classNames());
        assertThat(again.shape()).containsExactly(28 * 28);
        assertThat(again.rows().get(Split.TRAIN) + again.rows().get(Split.VALIDATION))
                .isEqualTo(images.rows().get(Split.TRAIN));
        assertThat(rows("second", "test")).containsExactlyInAnyOrderElementsOf(rows("first", "test"));
        assertRefused(
                "With noprop.data.kind = embeddings there are no images to embed; leave noprop.embedding at its"
                        + " defaults",
                "embeddings",
                folder.resolve("first"),
                "third",
                "embedding.kind=patches");
    }

    @Test
    void resumeKnowsTheSameFiles() throws IOException {
        Path growing = folder.resolve("growing");
        PngFiles.write(DIGITS, Part.TRAIN, TRAIN - 1, growing);
        preprocess("folder", growing, "grown");
        assertThat(job("folder", growing, "grown").upToDate()).isTrue();

        PngFiles.write(DIGITS, Part.TRAIN, TRAIN, growing);
        assertThat(job("folder", growing, "grown").upToDate()).isFalse();
    }

    @Test
    void mistakesAreSaidInOneSentence() throws IOException {
        Path bare = Files.createDirectories(folder.resolve("bare"));
        Files.copy(parted.resolve("test/" + oneOf(parted.resolve("test"))), bare.resolve("1.png"));
        Path single = folder.resolve("single");
        Files.createDirectories(single.resolve("cat"));
        Files.copy(bare.resolve("1.png"), single.resolve("cat/1.png"));
        Path onlyTest = folder.resolve("only-test");
        PngFiles.write(DIGITS, Part.TEST, TEST, onlyTest.resolve("test"));
        session.sql("SELECT array(1.0, 2.0) AS embedding, 0.5D AS label, 'x' AS kind")
                .write()
                .parquet(folder + "/numbers");
        String numbers = folder + "/numbers";

        assertRefused(
                "There is no " + folder + "/nowhere; correct noprop.data.path",
                "folder",
                folder.resolve("nowhere"),
                "no");
        assertThatThrownBy(() -> preprocess("folder", folder.resolve("numbers"), "no"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching("There are no images in .* \\(left out: \\d+ hidden, 1 of another kind\\); correct"
                        + " noprop.data.path or noprop.data.kind");
        assertRefused(
                "There are no Parquet files in " + bare + "; correct noprop.data.path or noprop.data.kind",
                "parquet",
                bare,
                "no");
        assertRefused(
                "There are 1 images in " + bare
                        + " outside of every class, such as 1.png; put those of each class into a folder",
                "folder",
                bare,
                "no");
        assertRefused(
                "There is nothing to tell apart in " + single + ": the only class is cat", "folder", single, "no");
        assertRefused(
                "There are test files in " + onlyTest + " and no training files; name these train, too, or neither",
                "folder",
                onlyTest,
                "no");
        assertRefused(
                "The Parquet files in " + numbers + " hold image embeddings: set noprop.data.kind = embeddings",
                "parquet",
                folder.resolve("numbers"),
                "no");
        assertRefused(
                "The column label in " + numbers
                        + ", of type double, holds no classes; write it as whole numbers from 0, of type int",
                "embeddings",
                folder.resolve("numbers"),
                "no");
        assertRefused(
                "There is no column class in " + numbers
                        + ", whose columns are [embedding, label, kind]; set noprop.data.files.label to one of whole numbers or names",
                "embeddings",
                folder.resolve("numbers"),
                "no",
                "data.files.label=class");
        assertRefused(
                "There is no column photo (numbers, bytes, or a struct with bytes) in " + numbers
                        + ", only [embedding, label, kind]; correct noprop.data.files.column",
                "parquet",
                folder.resolve("numbers"),
                "no",
                "data.files.column=photo");
    }

    @Test
    void imagesOfNoClassAreDamagedForThatReason() throws IOException {
        byte[] png = Files.readAllBytes(parted.resolve("train/" + oneOf(parted.resolve("train"))));
        List<Row> rows = new ArrayList<>();
        for (Integer label : new Integer[] {0, 1, null, -1}) {
            rows.add(RowFactory.create(png, label));
        }
        session.createDataFrame(
                        rows,
                        new StructType().add("image", DataTypes.BinaryType).add("label", DataTypes.IntegerType))
                .coalesce(1)
                .write()
                .parquet(folder + "/unlabelled");

        assertThatThrownBy(() -> preprocess("parquet", folder.resolve("unlabelled"), "no"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching(
                        "2 of 4 images of .*/unlabelled are damaged, .* allows: row 2 of part-\\S+: it has no"
                                + " class; row 3 of part-\\S+: its class is -1, which is below 0 \\(all of them: .*\\)");
    }

    private static String oneOf(Path part) throws IOException {
        try (Stream<Path> files = Files.walk(part)) {
            Path file = files.filter(path -> path.toString().endsWith(".png"))
                    .findFirst()
                    .orElseThrow();
            return part.relativize(file).toString();
        }
    }

    private static PreprocessJob job(String kind, Path path, String embeddings, String... more) {
        List<String> settings = new ArrayList<>(
                List.of("data.kind=" + kind, "data.path=" + path, "data.embeddings=" + folder.resolve(embeddings)));
        settings.addAll(List.of(more));
        return new PreprocessJob(session, new SmallRun(folder).config(settings.toArray(String[]::new)));
    }

    private static EmbeddingDescription preprocess(String kind, Path path, String embeddings, String... more) {
        job(kind, path, embeddings, more).run(false);
        return EmbeddingFolder.open(
                        new Configuration(), folder.resolve(embeddings).toString())
                .description();
    }

    private static void assertRefused(String sentence, String kind, Path path, String embeddings, String... more) {
        assertThatThrownBy(() -> preprocess(kind, path, embeddings, more))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(sentence);
    }

    private static Map<String, String> parquet(String embeddings) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(embeddings))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .collect(Collectors.toMap(
                            file -> file.getParent().getFileName().toString(), FilesPreprocessTest::checksum));
        }
    }

    private static String checksum(Path file) {
        try {
            return Checksums.sha256(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
