package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.config.NoPropConfig;
import org.noprop.data.DamagedFileException;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;

/** Untidy Parquet tables of image embeddings: what is in them is used as it is meant, or refused in one sentence. */
class ParquetTablesTest {
    private static final int ROWS = 60;

    /** As pyarrow writes them, six rows with a label each: a list of half floats, and a time stamp in nanoseconds. */
    private static final String HALF_FLOATS =
            "UEFSMRUAFUoVSiwVGBUAFQYVBhwAAAADAAAABaoKAgAAABgDBjA6sCA5ty5JuMk1Nz2UO6G5EL38uEopFQAVbBVsLBUMFQAVBhUG"
                    + "HAAAAAIAAAAMAQAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAABAAAAAAAAABUEGVw1ABgGc2NoZW1hFQQA"
                    + "NQIYCWVtYmVkZGluZxUCFQZMPAAAADUEGARsaXN0FQIAFQ4VBBUCGAdlbGVtZW50bPwAAAAVBCUCGAVsYWJlbAAWDBkcGSwmABwV"
                    + "DhklBgAZOAllbWJlZGRpbmcEbGlzdAdlbGVtZW50FQAWGBZwFnAmCEkcFQAVABUCADwpJgwMGUYAAAAYAAAAJgAcFQQZJQYAGRgF"
                    + "bGFiZWwVABYMFpIBFpIBJnhJHBUAFQAVAgA8KQYZJgAMAAAAFoICFgwmCBaCAgAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24g"
                    + "MjYuMC4xGSwcAAAcAAAAAQEAAFBBUjE=";

    private static final String NANOSECONDS =
            "UEFSMRUAFXoVeiwVGBUAFQYVBhwAAAADAAAABaoKAgAAABgDbL8APn9GB7698iM/39XWPaEhCb/9Irk+eemmP+Zzcj/+JzS/Vfmh"
                    + "v+qOH79uRSk9FQAVbBVsLBUMFQAVBhUGHAAAAAIAAAAMAQAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAB"
                    + "AAAAAAAAABUAFWwVbCwVDBUAFQYVBhwAAAACAAAADAEBAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAABAAAAAAAAAAEAAAAAAAAAAQAA"
                    + "AAAAAAAVBBlsNQAYBnNjaGVtYRUGADUCGAllbWJlZGRpbmcVAhUGTDwAAAA1BBgEbGlzdBUCABUIJQIYB2VsZW1lbnQAFQQlAhgF"
                    + "bGFiZWwAFQQlAhgFdGFrZW5sjBIcPAAAAAAAFgwZHBk8JgAcFQgZJQYAGTgJZW1iZWRkaW5nBGxpc3QHZWxlbWVudBUAFhgWoAEW"
                    + "oAEmCEkcFQAVABUCADwpJgwMGUYAAAAYAAAAJgAcFQQZJQYAGRgFbGFiZWwVABYMFpIBFpIBJqgBSRwVABUAFQIAPCkGGSYADAAA"
                    + "ACYAHBUEGSUGABkYBXRha2VuFQAWDBaSARaSASa6AkkcFQAVABUCADwpBhkmAAwAAAAWxAMWDCYIFsQDACggcGFycXVldC1jcHAt"
                    + "YXJyb3cgdmVyc2lvbiAyNi4wLjEZPBwAABwAABwAAABHAQAAUEFSMQ==";

    @TempDir
    static Path folder;

    private static SparkSession session;
    private static Dataset<Row> rows;

    @BeforeAll
    static void start() {
        session = LocalSpark.withCores(2);
        rows = session.range(0, ROWS, 1, 1)
                .selectExpr(
                        "id", "cast(id % 3 as int) AS label", "array(id / 7.0D, cast(id % 3 as double)) AS embedding");
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void foldersOfPartsAreParts() {
        rows.filter("id < 40").write().parquet(folder + "/parts/Split=TRAIN");
        rows.filter("id >= 40").write().parquet(folder + "/parts/Split=Testing");

        EmbeddingDescription written = preprocess("parts");
        assertThat(written.rows().get(Split.TEST)).isEqualTo(20);
        assertThat(written.rows().get(Split.TRAIN) + written.rows().getOrDefault(Split.VALIDATION, 0L))
                .isEqualTo(40);
    }

    @Test
    void foldersOfClassesAreClassesWhateverTheirNames() {
        rows.withColumn("label", functions.expr("elt(label + 1, 'cat', 'test', 'dog')"))
                .write()
                .partitionBy("label")
                .parquet(folder + "/classes");

        EmbeddingDescription written = preprocess("classes");
        assertThat(written.classNames()).containsExactly("cat", "dog", "test");
        assertThat(written.rows().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(ROWS);
    }

    @Test
    void partsAreRecognisedByTheirNamesInWhateverCase() {
        rows.filter("id < 40").write().parquet(folder + "/named/Training");
        rows.filter("id >= 40 and id < 55").write().parquet(folder + "/named/TEST");
        rows.filter("id >= 55").write().parquet(folder + "/named/val");

        EmbeddingDescription written = preprocess("named");
        assertThat(written.rows()).containsEntry(Split.TEST, 15L);
        assertThat(written.leftOut()).containsEntry("of neither the training nor the test part", 1L);
    }

    @ParameterizedTest
    @CsvSource({"train1, test1", "train data, TEST data", "Training(a), testing"})
    void whateverIsBehindTheWordForAPartTheFileIsOfIt(String train, String test) throws IOException {
        String name = "behind-" + train;
        rows.filter("id < 40").coalesce(1).write().parquet(folder + "/" + name + "/" + train);
        rows.filter("id >= 40").coalesce(1).write().parquet(folder + "/" + name + "/" + test);

        assertThat(preprocess(name).rows()).containsEntry(Split.TEST, 20L);
    }

    @Test
    void filesThatDifferByTheWordForAPartAloneAreNotMixed() {
        rows.write().parquet(folder + "/pair/x_train-0-of-2");
        rows.write().parquet(folder + "/pair/x_test-0-of-1");

        assertThatThrownBy(() -> preprocess("pair"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("It cannot be told whether x_test-0-of-1 and x_train-0-of-2 in " + folder
                        + "/pair are a training part and a test part; name such parts train and test, or rename one of"
                        + " these");
    }

    @Test
    void foldersThatDifferAreRefused() {
        rows.write().parquet(folder + "/mixed/day=1");
        rows.write().parquet(folder + "/mixed/other");

        assertRefused(
                "mixed",
                "Not all Parquet files in " + folder
                        + "/mixed lie in folders of the same columns: day=… and none; let all"
                        + " lie in such folders, or none");
    }

    @Test
    void filesThatAreNoParquetAreNamed() throws IOException {
        Path pointer = Files.createDirectories(folder.resolve("pointer")).resolve("train.parquet");
        Files.write(pointer, "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8));
        assertRefused(
                "pointer",
                "file:" + pointer
                        + " is not a Parquet file: its first bytes are not PAR1; Git LFS left a pointer, so fetch"
                        + " the file by git lfs pull; write it again, or give it another ending");

        Path empty = Files.createDirectories(folder.resolve("none")).resolve("a.parquet");
        Files.createFile(empty);
        assertRefused("none", "file:" + empty + " is empty and no Parquet file; write it again, or delete it");

        Path cut = Files.createDirectories(folder.resolve("truncated")).resolve("a.parquet");
        byte[] whole = Base64.getDecoder().decode(NANOSECONDS);
        Files.write(cut, java.util.Arrays.copyOf(whole, whole.length - 3));
        assertThatThrownBy(() -> preprocess("truncated"))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("file:" + cut + " is damaged: it begins as a Parquet file and does not end as one, after "
                        + (whole.length - 3) + " bytes; write or copy it again");
    }

    @Test
    void filesOfOtherTypesAreRefusedByName() {
        rows.coalesce(1).write().parquet(folder + "/types/a");
        rows.withColumn("embedding", functions.expr("cast(embedding as array<float>)"))
                .coalesce(1)
                .write()
                .parquet(folder + "/types/b");

        assertThatThrownBy(() -> preprocess("types"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching("Spark cannot read the column embedding of a/part-.*\\.parquet in .*, which is"
                        + " array<double> in a/part-.* and array<float> in b/part-.*; write it with one type in all files;"
                        + " correct noprop.data.files.column");
    }

    @Test
    void filesThatNameClassesInAnotherOrderAreRefused() throws IOException {
        String cats = "{\"info\": {\"features\": {\"label\": {\"names\": [\"cat\", \"dog\"]}}}}";
        for (String name : List.of("swapped/train", "swapped/test", "agreed/train", "agreed/test", "same-name/train")) {
            boolean swapped = name.equals("swapped/test");
            write(
                    name,
                    name.startsWith("same-name")
                            ? cats.replace("dog", "cat")
                            : swapped ? cats.replace("\"cat\", \"dog\"", "\"dog\", \"cat\"") : cats,
                    "label");
        }
        assertRefused(
                "swapped",
                "Label 0 is cat in one file in " + folder
                        + "/swapped and dog in another, by the metadata of Hugging Face; write all files with the same"
                        + " names");
        assertRefused(
                "same-name",
                "Two labels in " + folder + "/same-name have one name: cat; write each with a name of its own");
        assertThat(preprocess("agreed").classNames()).containsExactly("cat", "dog");
    }

    @Test
    void aColumnThatIsThereTwiceIsNotRead() throws IOException {
        write("double", "{}", "label", "label");
        assertRefused(
                "double",
                "Spark cannot read the column label of rows.parquet in " + folder
                        + "/double, which is there twice; write it under two names");
        write("metadata", "{}", "label", "_metadata", "note", "note");
        InputTable table = InputTable.read(session, list("metadata"));
        assertThat(table.rows().columns()).containsExactly("label", InputTable.ID, InputTable.PAYLOAD);
        assertThat(table.rows().count()).isEqualTo(ROWS);
        assertThat(table.unreadable())
                .containsExactly(
                        Map.entry("_metadata", "Spark has a column of its own of this name"),
                        Map.entry("note", "there twice"));
    }

    /** Rows with an image embedding and whole numbers. */
    private static void write(String name, String huggingFace, String... numbers) throws IOException {
        Types.GroupBuilder<MessageType> columns = Types.buildMessage();
        for (String column : numbers) {
            columns = columns.addField(
                    Types.required(PrimitiveType.PrimitiveTypeName.INT32).named(column));
        }
        MessageType schema = columns.addField(Types.requiredList()
                        .requiredElement(PrimitiveType.PrimitiveTypeName.FLOAT)
                        .named("embedding"))
                .named("table");
        Path file = Files.createDirectories(folder.resolve(name)).resolve("rows.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toString()))
                .withType(schema)
                .withExtraMetaData(Map.of("huggingface", huggingFace))
                .build()) {
            for (int row = 0; row < ROWS; row++) {
                Group group = new SimpleGroup(schema);
                for (int column = 0; column < numbers.length; column++) {
                    group.add(column, row % 2);
                }
                Group list = group.addGroup(numbers.length);
                list.addGroup(0).append("element", row / 7F);
                writer.write(group);
            }
        }
    }

    @Test
    void namesOfFoldersThatAreOtherTextAreOtherClasses() {
        for (String label : List.of("0", "00", "1")) {
            rows.drop("label").write().parquet(folder + "/zeros/label=" + label);
        }
        assertThat(preprocess("zeros").classNames()).containsExactly("0", "00", "1");
    }

    @Test
    void aTableWithoutRowsIsSaidToBeSo() {
        rows.limit(0).write().parquet(folder + "/rowless");
        assertRefused("rowless", "There are no training rows in " + folder + "/rowless");
    }

    @Test
    void ofThousandsOfColumnsAFewAreNamed() {
        rows.selectExpr(java.util.stream.IntStream.range(0, 784)
                        .mapToObj(pixel -> "id AS pixel" + pixel)
                        .toArray(String[]::new))
                .write()
                .parquet(folder + "/wide");
        assertThatThrownBy(() -> preprocess("wide"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith(", pixel18, pixel19, … (784 in all)]; correct noprop.data.files.column");
    }

    @Test
    void halfFloatsAreRefusedWithWhatToWriteInstead() throws IOException {
        write("half", HALF_FLOATS);
        assertRefused(
                "half",
                "Spark cannot read the column embedding of rows.parquet in " + folder
                        + "/half, which is of half floats (float16); write it as numbers of 32 or 64 bits, or as text;"
                        + " correct noprop.data.files.column");
    }

    @Test
    void columnsThatSparkCannotReadAreLeftAlone() throws IOException {
        write("nanos", NANOSECONDS);
        LabelledTable labelled = LabelledTable.read(
                session,
                new SmallRun(folder)
                        .config("data.kind=embeddings", "data.path=" + folder + "/nanos")
                        .data());
        assertThat(labelled.rows().count()).isEqualTo(6);

        InputTable table = InputTable.read(session, list("nanos"));
        assertThat(table.rows().columns()).containsExactly("label", InputTable.ID, InputTable.PAYLOAD);
        assertThat(table.unreadable())
                .containsExactly(Map.entry(
                        "taken", "of a type unknown to it (Illegal Parquet type: INT64 (TIMESTAMP(NANOS,false)))"));
    }

    @Test
    void numbersOfAllTypesAreRead() {
        for (String type : List.of("tinyint", "bigint", "float", "decimal(9,4)", "string")) {
            String name = "of-" + type.replaceAll("\\W.*", "");
            rows.withColumn("embedding", functions.expr("transform(embedding, x -> cast(x as " + type + "))"))
                    .write()
                    .parquet(folder + "/" + name);
            assertThat(preprocess(name).rows().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .as(type)
                    .isEqualTo(ROWS);
        }
    }

    @Test
    void vectorsOfSparkMlAreReadAndListsOfListsRefused() {
        rows.withColumn("embedding", org.apache.spark.ml.functions.array_to_vector(rows.col("embedding")))
                .write()
                .parquet(folder + "/vectors");
        assertThat(preprocess("vectors").width()).isEqualTo(2);

        rows.withColumn("embedding", functions.array(rows.col("embedding")))
                .write()
                .parquet(folder + "/nested");
        assertRefused(
                "nested",
                "The column embedding in " + folder
                        + "/nested, of type array<array<double>>, holds lists of lists; write"
                        + " the values of a row as one list of numbers; correct noprop.data.files.column");
    }

    @Test
    void picturesOfSparksImageSourceAreRefused() {
        rows.selectExpr(
                        "label",
                        "named_struct('origin', 'a/1.png', 'height', 1, 'width', 1, 'nChannels', 3, 'mode', 16,"
                                + " 'data', X'0102') AS image")
                .write()
                .parquet(folder + "/sparks-image");
        assertRefused(
                "sparks-image",
                "The column image in " + folder
                        + "/sparks-image, of type struct<origin:string,height:int,width:int,nChannels:int,mode:int,data:binary>,"
                        + " holds neither numbers (a list or a vector of Spark ML) nor the bytes of image files; correct"
                        + " noprop.data.files.column");
    }

    @Test
    void namesOfColumnsAreAsTheUserHasThem() {
        rows.selectExpr("embedding AS `Embedding`", "label AS `meta.label`")
                .write()
                .parquet(folder + "/dots");
        assertThat(preprocess("dots", "data.files.label=meta.label").classes()).isEqualTo(3);
        rows.selectExpr("embedding AS `EMBEDDING`", "label AS `Label`").write().parquet(folder + "/case");
        assertThat(preprocess("case").classes()).isEqualTo(3);

        boolean before = session.sessionState().conf().caseSensitiveAnalysis();
        session.conf().set("spark.sql.caseSensitive", true);
        rows.selectExpr("embedding", "label", "label AS Label").write().parquet(folder + "/twins");
        session.conf().set("spark.sql.caseSensitive", before);
        assertRefused(
                "twins",
                "The columns label and Label in " + folder + "/twins differ in upper and lower case alone, which Spark"
                        + " cannot tell apart; rename one");
    }

    @Test
    void valuesThatCannotBeLearnedFromAreNamedByRow() {
        refusedValue("nan", "double('NaN')", "its image embedding has a value that is not a number (NaN)");
        refusedValue("inf", "-double('inf')", "its image embedding has a value that is infinite as a 32-bit float");
        refusedValue("huge", "1e300D", "its image embedding has a value that is infinite as a 32-bit float");
        refusedValue("null", "null", "its image embedding has a value that is missing or no number");
    }

    private static void refusedValue(String name, String value, String why) {
        change(name, "embedding", "if(id = 5, array(1D, " + value + "), embedding)");
        assertRefusedRow(name, 1, why);
    }

    @Test
    void emptyRaggedAndMissingListsAreNamedByRow() {
        change("empty", "embedding", "array()");
        assertThatThrownBy(() -> preprocess("empty")).hasMessageContaining("its image embedding is empty");
        change("ragged", "embedding", "if(id = 5, array(1D), embedding)");
        assertThatThrownBy(() -> preprocess("ragged"))
                .hasMessageStartingWith("1 of 60 rows in " + folder + "/ragged cannot be learned from, ")
                .hasMessageContaining("such as id 5, row 5 of part-")
                .hasMessageContaining(": its image embedding has 1 values where that of others has 2;");
        change("missing", "embedding", "if(id = 5, null, embedding)");
        assertRefusedRow("missing", 1, "it has no image embedding");
    }

    @Test
    void labelsAreSaidForWhatTheyAre() {
        change("negative", "label", "if(id = 5, -1, label)");
        assertRefusedRow("negative", 1, "its class is -1, which is below 0");
        change("below", "label", "-(id % 2)");
        assertRefused(
                "below",
                "The labels in " + folder
                        + "/below are whole numbers from -1 to 0, and classes are counted from 0; add what is missing to"
                        + " each");
        change("unlabelled", "label", "if(id = 5, null, label)");
        assertRefusedRow("unlabelled", 1, "it has no class");
        change("one-class", "label", "1");
        assertRefused(
                "one-class",
                "All 60 training rows in " + folder + "/one-class are of class 1: there is nothing to tell" + " apart",
                "data.files.test-fraction=0.000001",
                "data.validation-fraction=0");
        change("gap", "label", "if(label = 2, 5, label)");
        assertThat(preprocess("gap").classes()).isEqualTo(6);
        rows.filter("id < 40").write().parquet(folder + "/new/train");
        rows.withColumn("label", functions.expr("if(id = 5, 9, label)"))
                .coalesce(1)
                .write()
                .parquet(folder + "/new/test");
        assertRefusedRow("new", 1, "its class is 9, where the classes are 0 to 2");
    }

    @Test
    void tooFewRowsAreRefusedBeforeTraining() {
        rows.limit(1).write().parquet(folder + "/one/train");
        rows.limit(6).write().parquet(folder + "/one/test");
        assertThatThrownBy(() -> preprocess("one", "data.validation-fraction=0"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("only class");
        rows.filter("id = 1").write().parquet(folder + "/single/train");
        rows.filter("label < 2").limit(6).write().parquet(folder + "/single/test");
        assertRefused(
                "single",
                "There is 1 training row in " + folder + "/single, and a block learns from 2 at least; give more rows",
                "data.validation-fraction=0");
        rows.limit(4).write().parquet(folder + "/four");
        assertRefused(
                "four",
                "There is no test row in " + folder
                        + "/four; give more rows, or some in a file whose name begins with test",
                "data.files.test-fraction=0.000001",
                "data.validation-fraction=0");
    }

    /** A head over ten thousand one-hot classes has a hundred million weights. */
    @Test
    void aHeadThatDoesNotFitTheHeapIsRefusedBeforeTraining() {
        session.range(0, 11_000, 1, 1)
                .selectExpr("cast(id % 10000 as int) AS label", "array(id / 7.0D, 1D) AS embedding")
                .write()
                .parquet(folder + "/many");
        EmbeddingDescription written = preprocess("many");
        assertThat(written.classes()).isEqualTo(10_000);

        NoPropConfig config = new SmallRun(folder).config("data.embeddings=" + folder + "/embeddings-many");
        RunFolder run = new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.of("many"), true);
        assertThatThrownBy(() -> new TrainBlocksJob(session, config, run).run(false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The head of 10000 classes takes about 4196 MB of an executor's heap, which has "
                        + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MB; raise NOPROP_DRIVER_MEMORY (spark.driver.memory)");
    }

    private static void change(String name, String column, String value) {
        rows.withColumn(
                        column,
                        functions.expr(value).cast(rows.schema().apply(column).dataType()))
                .coalesce(1)
                .write()
                .parquet(folder + "/" + name);
    }

    private static void write(String name, String base64) throws IOException {
        Files.write(
                Files.createDirectories(folder.resolve(name)).resolve("rows.parquet"),
                Base64.getDecoder().decode(base64));
    }

    private static InputFiles list(String name) {
        return InputFiles.list(new Configuration(), folder + "/" + name, "--input");
    }

    private static EmbeddingDescription preprocess(String name, String... more) {
        List<String> settings = new java.util.ArrayList<>(List.of(
                "data.kind=embeddings",
                "data.path=" + folder + "/" + name,
                "data.embeddings=" + folder + "/embeddings-" + name));
        settings.addAll(List.of(more));
        new PreprocessJob(session, new SmallRun(folder).config(settings.toArray(String[]::new))).run(false);
        return EmbeddingFolder.open(new Configuration(), folder + "/embeddings-" + name)
                .description();
    }

    private static void assertRefused(String name, String sentence, String... more) {
        assertThatThrownBy(() -> preprocess(name, more))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(sentence);
    }

    private static void assertRefusedRow(String name, int count, String why) {
        assertThatThrownBy(() -> preprocess(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching(count + " of \\d+ rows in " + folder + "/" + name
                        + " cannot be learned from, such as id 5, row 5 of part-\\S+: \\Q" + why
                        + "\\E; correct these rows, or leave them out");
    }
}
