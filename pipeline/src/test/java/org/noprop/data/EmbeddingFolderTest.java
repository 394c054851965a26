package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.tensor.Tensor;

/** Reads files that Parquet's own record writer has written, row by row: the slow oracle. */
class EmbeddingFolderTest {
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType("message rows {"
            + " optional int64 id; optional int32 label; optional binary extra;"
            + " optional group embedding (LIST) { repeated group list { optional float element; } } }");
    private static final int WIDTH = 3;

    private final Configuration hadoop = new Configuration();

    @TempDir
    private Path temporary;

    private String folder;

    @BeforeEach
    void nameTheFolder() {
        folder = temporary.resolve("embeddings").toString();
    }

    private record Row(long id, Integer label, float... embedding) {}

    @Test
    void rowsOfManyFilesAndRowGroupsComeBack() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        Row[] rows = new Row[2_000];
        for (int i = 0; i < rows.length; i++) {
            float[] values = {(float) random.nextDouble(), random.nextInt(4), Float.MIN_VALUE * random.nextInt()};
            rows[i] = new Row(7L * i, random.nextInt(2), values);
        }
        write("train/part-00000.parquet", List.of(rows).subList(0, 1_500));
        write("train/part-00001.parquet", List.of(rows).subList(1_500, 2_000));
        finish(Map.of(Split.TRAIN, 2_000L));

        EmbeddingTable table = EmbeddingFolder.open(hadoop, folder).read(Split.TRAIN);

        assertThat(table.rows()).isEqualTo(2_000);
        float[] copied = new float[WIDTH + 1];
        for (int i = 0; i < rows.length; i++) {
            table.copyRow(i, copied, 1);
            assertThat(table.id(i)).isEqualTo(rows[i].id());
            assertThat(table.label(i)).isEqualTo(rows[i].label());
            assertThat(copied)
                    .containsExactly(0, rows[i].embedding()[0], rows[i].embedding()[1], rows[i].embedding()[2]);
        }
        assertThat(table.bytes()).isEqualTo(2_000 * (8 + 4 + 4 * WIDTH));
        assertThat(table.bytesRead()).isBetween(10_000L, 60_000L);
    }

    @Test
    void streamedRowsAreThoseOfTheTableAndEachRowGroupIsReadOnce() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        Row[] rows = new Row[3_000];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new Row(i, i % 2, (float) random.nextDouble(), (float) random.nextDouble(), i);
        }
        write("train/part-00000.parquet", List.of(rows).subList(0, 1_800));
        write("train/part-00001.parquet", List.of(rows).subList(1_800, 3_000));
        finish(Map.of(Split.TRAIN, 3_000L));
        EmbeddingFolder embeddings = EmbeddingFolder.open(hadoop, folder);
        EmbeddingTable table = embeddings.read(Split.TRAIN);
        EmbeddingGroups groups = embeddings.groups(Split.TRAIN);
        EmbeddingRows streamed = groups.open();
        int[] first = streamed.rowGroups();
        assertThat(first).hasSizeGreaterThan(3).isEqualTo(table.rowGroups());
        int[] order = new int[3_000];
        Arrays.setAll(order, i -> (i + first[2]) % 3_000);

        streamed.visit(order);

        float[] copied = new float[WIDTH];
        float[] expected = new float[WIDTH];
        for (int row : order) {
            streamed.copyRow(row, copied, 0);
            table.copyRow(row, expected, 0);
            assertThat(copied).isEqualTo(expected);
            assertThat(streamed.id(row)).isEqualTo(table.id(row));
            assertThat(streamed.label(row)).isEqualTo(table.label(row));
        }
        assertThat(streamed.bytesRead()).isEqualTo(table.bytesRead());
        assertThat(groups.bytesRead()).isPositive().isLessThan(table.bytesRead());
        assertThatThrownBy(() -> streamed.copyRow(0, copied, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Row 0 is not the next one of the announced order");
    }

    /** An epoch may begin with rows of the group that the one before has ended with, among rows of others. */
    @Test
    void anOrderMayBeginInTheRowGroupThatTheOneBeforeEndedIn() throws IOException {
        Row[] rows = new Row[1_000];
        Arrays.setAll(rows, i -> new Row(i, i % 2, i, -i, 0.5f * i));
        write("train/part-00000.parquet", List.of(rows));
        finish(Map.of(Split.TRAIN, 1_000L));
        EmbeddingRows streamed =
                EmbeddingFolder.open(hadoop, folder).groups(Split.TRAIN).open();
        assertThat(streamed.rowGroups()).hasSizeGreaterThan(1);
        int[] inTurn = IntStream.range(0, 1_000).toArray();
        int[] fromBothEnds = IntStream.range(0, 1_000)
                .map(i -> i % 2 == 0 ? 999 - i / 2 : i / 2)
                .toArray();

        for (int[] order : List.of(inTurn, fromBothEnds)) {
            streamed.visit(order);
            float[] copied = new float[WIDTH];
            for (int row : order) {
                streamed.copyRow(row, copied, 0);
                assertThat(copied).containsExactly(row, -row, 0.5f * row);
            }
        }
    }

    @Test
    void theDescriptionComesBack() {
        finish(Map.of(Split.TRAIN, 5L, Split.TEST, 2L));
        EmbeddingDescription description = EmbeddingFolder.open(hadoop, folder).description();
        assertThat(description.shape()).containsExactly(1, WIDTH);
        assertThat(description.width()).isEqualTo(WIDTH);
        assertThat(description.classes()).isEqualTo(2);
        assertThat(description.rows()).containsExactly(Map.entry(Split.TRAIN, 5L), Map.entry(Split.TEST, 2L));
        assertThat(description.embedder()).isEqualTo("{\"kind\":\"pixels\",\"mean\":[0.25]}");
    }

    @Test
    void aSplitWithoutRowsIsAnEmptyTable() {
        finish(Map.of(Split.TRAIN, 5L, Split.VALIDATION, 0L));
        assertThat(EmbeddingFolder.open(hadoop, folder).read(Split.VALIDATION).rows())
                .isZero();
        assertThat(EmbeddingFolder.open(hadoop, folder).read(Split.TEST).rows()).isZero();
    }

    @Test
    void aFolderThatIsNotFinishedIsRefused() throws IOException {
        write("train/part-00000.parquet", List.of(new Row(0, 0, 1, 2, 3)));
        assertThatThrownBy(() -> EmbeddingFolder.open(hadoop, folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "There are no embeddings in " + folder + ": no embeddings.json there; run preprocess first");
    }

    @Test
    void aDamagedMarkerIsNamed() throws IOException {
        Files.createDirectories(Path.of(folder));
        Files.writeString(Path.of(folder, "embeddings.json"), "{");
        assertThatThrownBy(() -> EmbeddingFolder.open(hadoop, folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Cannot read " + folder + "/embeddings.json: it is damaged");
    }

    @Test
    void aMissingFileIsNoticed() throws IOException {
        write("test/part-00000.parquet", List.of(new Row(0, 0, 1, 2, 3)));
        finish(Map.of(Split.TEST, 2L));
        assertThatThrownBy(() -> EmbeddingFolder.open(hadoop, folder).read(Split.TEST))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Embeddings in " + folder + "/test have 1 rows where embeddings.json promises 2;"
                        + " a Parquet file is missing or too many there, so delete " + folder
                        + " and run preprocess again");
    }

    @Test
    void aFileTooManyIsNoticed() throws IOException {
        write("test/part-00000.parquet", List.of(new Row(0, 0, 1, 2, 3), new Row(1, 0, 1, 2, 3)));
        finish(Map.of(Split.TEST, 1L));
        assertThatThrownBy(() -> EmbeddingFolder.open(hadoop, folder).read(Split.TEST))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("have 2 rows where embeddings.json promises 1; a Parquet file is missing or too");
    }

    @Test
    void aPromiseOfManyRowsOrWideOnesTakesNoMemory() throws IOException {
        write("test/part-00000.parquet", List.of(new Row(0, 0, 1, 2, 3)));
        finish(Map.of(Split.TEST, 2_000_000_000L));
        assertThatThrownBy(() -> EmbeddingFolder.open(hadoop, folder).read(Split.TEST))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("have 1 rows where embeddings.json promises 2000000000");
    }

    @Test
    void embeddingsOfAnotherWidthAreRefused() throws IOException {
        assertRefused("an embedding is 4 wide where embeddings.json promises 3", 1, new Row(0, 0, 1, 2, 3, 4));
        assertRefused("an embedding is 2 wide where embeddings.json promises 3", 1, new Row(0, 0, 1, 2));
    }

    @Test
    void labelsOutOfRangeAreRefused() throws IOException {
        assertRefused("row id 5 has label 2 where there are 2 classes", 1, new Row(5, 2, 1, 2, 3));
        assertRefused("row id 5 has label -1 where there are 2 classes", 1, new Row(5, -1, 1, 2, 3));
    }

    @Test
    void tensorsAreHeldAgainstTheirChecksumsAndTheDescriptionAgainstItsOwn() throws IOException {
        SortedMap<String, Tensor> tensors = new TreeMap<>(Map.of("atoms", Tensor.vector(1, 2)));
        EmbeddingFolder.writeTensors(hadoop, folder, tensors);
        finish(Map.of());
        assertThat(EmbeddingFolder.open(hadoop, folder).tensors()).isEqualTo(tensors);

        Path file = temporary.resolve("embeddings/embedder.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> EmbeddingFolder.open(hadoop, folder).tensors())
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("Cannot read " + file + ": it does not match its checksum in embeddings.json; delete the"
                        + " folder of embeddings and run preprocess again");
        Files.delete(file);
        assertThatThrownBy(() -> EmbeddingFolder.open(hadoop, folder).tensors())
                .hasMessageContaining(file + ": it is missing");

        Path description = temporary.resolve("embeddings/embeddings.json");
        Files.writeString(description, Files.readString(description).replace("pixels", "pixals"));
        assertThatThrownBy(() -> EmbeddingFolder.open(hadoop, folder))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageStartingWith("Cannot read " + description + ": its content does not match the checksum");
    }

    @Test
    void nullsAreRefused() throws IOException {
        assertRefused("it holds a null or an empty list", 1, new Row(0, null, 1, 2, 3));
        assertRefused("it holds a null or an empty list", 1, new Row(0, 0));
    }

    @Test
    void idsThatDoNotAscendAreRefused() throws IOException {
        assertRefused("id 4 is not greater than the id before it", 2, new Row(4, 0, 1, 2, 3), new Row(4, 0, 1, 2, 3));
    }

    @Test
    void aTruncatedFileIsNamed() throws IOException {
        Path file = write("train/part-00000.parquet", List.of(new Row(0, 0, 1, 2, 3)));
        finish(Map.of(Split.TRAIN, 1L));
        byte[] whole = Files.readAllBytes(file);
        overwrite(file, Arrays.copyOf(whole, whole.length - 9));
        assertDamaged(file, "it is truncated, damaged or no Parquet file");
    }

    @Test
    void aFlippedBitIsFoundByThePageChecksum() throws IOException {
        Path file = write("train/part-00000.parquet", List.of(new Row(0, 0, 1, 2, 3)));
        finish(Map.of(Split.TRAIN, 1L));
        byte[] bytes = Files.readAllBytes(file);
        int inTheFirstPage = 45;
        bytes[inTheFirstPage] ^= 1;
        overwrite(file, bytes);
        assertDamaged(file, "it is truncated, damaged or no Parquet file");
    }

    @Test
    void aFileOfOtherColumnsIsNamed() throws IOException {
        MessageType other = MessageTypeParser.parseMessageType("message rows { required int64 id; }");
        Path file = Path.of(folder, "train/part-00000.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
                .withType(other)
                .build()) {
            writer.write(new SimpleGroup(other).append("id", 1L));
        }
        finish(Map.of(Split.TRAIN, 1L));
        assertDamaged(file, "it has no column label");
    }

    @Test
    void rowsAreReadThroughFaultsAndAFileSystemThatIsAwayIsNoDamage() throws IOException {
        List<Row> rows = IntStream.range(0, 2000)
                .mapToObj(id -> new Row(id, id % 2, id, -id, id / 2f))
                .toList();
        write("train/part-00000.parquet", rows);
        finish(Map.of(Split.TRAIN, 2000L));
        FaultyFileSystem files = FaultyFileSystem.of("embeddings");
        Configuration impatient = FaultyFileSystem.settings();
        impatient.set(Retry.SETTING, "0s");
        EmbeddingFolder away = EmbeddingFolder.open(impatient, files.path(Path.of(folder)));
        files.downFor(Duration.ofHours(1));
        assertThatThrownBy(() -> away.read(Split.TRAIN))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("Cannot list " + files.path(Path.of(folder)) + "/train: ");
        files.downFor(Duration.ZERO).before((operation, path) -> {
            if (operation == FaultyFileSystem.Operation.READ) {
                throw new IOException("the data node is away");
            }
        });
        assertThatThrownBy(() -> away.read(Split.TRAIN))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Cannot read " + files.path(Path.of(folder, "train/part-00000.parquet"))
                        + ": the data node is away");

        files.before((operation, path) -> {}).failing(0.03, 2);
        EmbeddingTable table = EmbeddingFolder.open(FaultyFileSystem.settings(), files.path(Path.of(folder)))
                .read(Split.TRAIN);
        assertThat(files.faults()).isPositive();
        assertThat(table.rows()).isEqualTo(2000);
        for (int row = 0; row < 2000; row++) {
            float[] found = new float[WIDTH];
            table.copyRow(row, found, 0);
            assertThat(found).containsExactly(row, -row, row / 2f);
        }
    }

    @Test
    void whatAnUnfinishedPreprocessLeftIsDeletedByItsMark() throws IOException {
        EmbeddingFolder.begin(hadoop, folder, "preprocess");
        write("train/part-00000.parquet", List.of(new Row(0, 0, 1, 2, 3)));
        Files.createDirectories(Path.of(folder, "test/_temporary/0"));
        Files.writeString(Path.of(folder, "README.md"), "a card");
        Path half = Files.writeString(Path.of(folder, ".pictures.safetensors.0a1b.noprop-unfinished"), "half");
        Files.setLastModifiedTime(half, FileTime.from(Instant.now().minusSeconds(600)));
        assertThatThrownBy(() -> EmbeddingFolder.open(hadoop, folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "The embeddings in " + folder + " are unfinished: the job that was writing them has not ended"
                                + " or was killed; run preprocess again");

        EmbeddingFolder.begin(hadoop, folder, "preprocess");

        assertThat(Path.of(folder)).isDirectoryNotContaining(file -> !file.endsWith("_noprop-unfinished"));
        assertThat(Path.of(folder, "_noprop-unfinished"))
                .content()
                .contains("\"command\" : \"preprocess\"", "\"host\" : ", "\"acquired\" : ");
    }

    @Test
    void aFinishedFolderHasNoMark() throws IOException {
        EmbeddingFolder.begin(hadoop, folder, "preprocess");
        write("train/part-00000.parquet", List.of(new Row(0, 0, 1, 2, 3)));
        finish(Map.of(Split.TRAIN, 1L));
        assertThat(Path.of(folder, "_noprop-unfinished")).doesNotExist();
        assertThat(EmbeddingFolder.open(hadoop, folder).read(Split.TRAIN).rows())
                .isEqualTo(1);
    }

    /** As they lie in folders of images and in data sets of Hugging Face, or beside what an unfinished job left. */
    @ParameterizedTest
    @CsvSource({
        "false, thesis.tex, 'There are other files in F, such as thesis.tex; noprop.data.embeddings must name a folder of its own'",
        "false, train/cat/1.png, 'There are other files in F, such as train/cat; noprop.data.embeddings must name a folder of its own'",
        "false, test/a.png, 'There are other files in F, such as test/a.png; noprop.data.embeddings must name a folder of its own'",
        "false, train, 'There are other files in F, such as train/train; noprop.data.embeddings must name a folder of its own'",
        "false, README.md, 'Nothing in F is overwritten: there is README.md and no _noprop-unfinished, by which unfinished embeddings are known; give another noprop.data.embeddings or, if an earlier version of preprocess left that folder, delete it'",
        "false, train/part-00000-0.parquet, 'Nothing in F is overwritten: there is train and no _noprop-unfinished, by which unfinished embeddings are known; give another noprop.data.embeddings or, if an earlier version of preprocess left that folder, delete it'",
        "true, thesis.tex, 'There are other files in F, such as thesis.tex; noprop.data.embeddings must name a folder of its own'",
        "true, train/notes.txt, 'There are other files in F, such as train/notes.txt; noprop.data.embeddings must name a folder of its own'",
    })
    void otherPeoplesFilesAreLeftAlone(boolean marked, String name, String sentence) throws IOException {
        Path other = Path.of(folder, name);
        if (marked) {
            EmbeddingFolder.begin(hadoop, folder, "preprocess");
            write("validation/part-00000.parquet", List.of(new Row(0, 0, 1, 2, 3)));
        }
        Files.createDirectories(other.getParent());
        Files.writeString(other, "mine");
        assertThatThrownBy(() -> EmbeddingFolder.begin(hadoop, folder, "preprocess"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(sentence.replace("F,", folder + ",").replace("in F ", "in " + folder + " "));
        assertThat(other).hasContent("mine");
        assertThat(Path.of(folder, "validation/part-00000.parquet").toFile().exists())
                .isEqualTo(marked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "D",
                "D/",
                "D/x/..",
                "D/train/embeddings",
                "D/../images/new/folder",
                "file:D",
                "file://D/sub",
                "L",
                "L/embeddings",
                "L/../images",
                "D/..",
                "/",
            })
    void embeddingsAreNotWrittenWhereTheImagesLie(String spelt) throws IOException {
        Path images = Files.createDirectories(Path.of(folder, "images"));
        Path link = Path.of(folder, "link");
        Files.createSymbolicLink(link, images);
        String embeddings = spelt.replace("D", images.toString()).replace("L", link.toString());
        assertThatThrownBy(() -> EmbeddingFolder.requireApart(hadoop, embeddings, images.toString()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Embeddings cannot be written to " + embeddings + ": noprop.data.path = " + images
                        + ", from which they are made, is that folder, holds it or lies in it; give another"
                        + " noprop.data.embeddings");
        assertThatThrownBy(() -> EmbeddingFolder.requireApart(hadoop, images.toString(), link.toString()))
                .hasMessageStartingWith("Embeddings cannot be written to ");
    }

    @Test
    void embeddingsMayLieBesideTheImages() {
        EmbeddingFolder.requireApart(hadoop, folder + "/images-embedded", folder + "/images");
        EmbeddingFolder.requireApart(hadoop, folder + "/images/../embeddings", folder + "/images");
        EmbeddingFolder.requireApart(FaultyFileSystem.settings(), "faulty://a/images", "faulty://b/images");
        assertThatThrownBy(() -> EmbeddingFolder.requireApart(
                        FaultyFileSystem.settings(), "faulty://a/images/../images/x", "faulty://a/images/"))
                .isInstanceOf(InvalidInputException.class);
    }

    private void assertRefused(String what, long promised, Row... rows) throws IOException {
        Path file = write("train/part-00000.parquet", List.of(rows));
        finish(Map.of(Split.TRAIN, promised));
        assertDamaged(file, what);
        Files.delete(file);
    }

    private void assertDamaged(Path file, String what) {
        assertThatThrownBy(() -> EmbeddingFolder.open(hadoop, folder).read(Split.TRAIN))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot read embeddings from " + file + ": " + what
                        + "; delete the folder of embeddings and run preprocess again");
    }

    private static void overwrite(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    }

    private void finish(Map<Split, Long> rows) {
        EmbeddingDescription description = new EmbeddingDescription(
                List.of(1, WIDTH), List.of("no", "yes"), rows, "{\"kind\":\"pixels\",\"mean\":[0.25]}", "f1n9e7");
        EmbeddingFolder.finish(hadoop, folder, description, "a card");
    }

    private Path write(String relative, List<Row> rows) throws IOException {
        Path file = Path.of(folder, relative);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
                .withType(SCHEMA)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(4096L)
                .withPageSize(512)
                .build()) {
            for (Row row : rows) {
                writer.write(group(row));
            }
        }
        return file;
    }

    private static Group group(Row row) {
        Group group = new SimpleGroup(SCHEMA).append("id", row.id()).append("extra", "not read");
        if (row.label() != null) {
            group.append("label", row.label());
        }
        Group list = group.addGroup("embedding");
        for (float value : row.embedding()) {
            list.addGroup("list").append("element", value);
        }
        return group;
    }
}
