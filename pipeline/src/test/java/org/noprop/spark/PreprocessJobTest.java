package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.Augmentation;
import org.noprop.data.Checksums;
import org.noprop.data.DigitSource;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.Image;
import org.noprop.data.ImageReader;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Split;
import org.noprop.data.ValidationCut;
import org.noprop.embedding.PixelEmbedder;
import org.noprop.embedding.PixelStatistics;
import org.noprop.inference.LabelPaths;

class PreprocessJobTest {
    private static final int TRAIN = 1000;
    private static final int TEST = 200;

    private static SparkSession session;

    private final Configuration hadoop = new Configuration();

    @TempDir
    private Path folder;

    private SmallRun small;

    /** Takes the session that the test before has left, if it is not stopped. */
    @BeforeEach
    void start() {
        small = new SmallRun(folder);
        session = LocalSpark.withCores(2);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void everyRowIsItsImageStandardisedByTheTrainingSplit() {
        preprocess(false);
        EmbeddingFolder embeddings = EmbeddingFolder.open(hadoop, embeddings());
        EmbeddingTable train = embeddings.read(Split.TRAIN);
        EmbeddingTable validation = embeddings.read(Split.VALIDATION);
        EmbeddingTable test = embeddings.read(Split.TEST);

        PixelStatistics statistics = new PixelStatistics(1);
        for (int row = 0; row < train.rows(); row++) {
            statistics.add(image(train.id(row)).bytes());
        }
        PixelEmbedder embedder = new PixelEmbedder(28, 28, statistics);
        for (EmbeddingTable table : List.of(train, validation, test)) {
            assertRows(table, embedder);
        }
        assertThat(ids(train).filter(id -> !isValidation(id)).count()).isEqualTo(train.rows());
        assertThat(ids(validation).filter(this::isValidation).count()).isEqualTo(validation.rows());
        assertThat(train.rows() + validation.rows()).isEqualTo(TRAIN);
        assertThat(test.rows()).isEqualTo(TEST);
        assertThat(embeddings.description().embedder()).isEqualTo(embedder.description());
        assertThat(embeddings.description().shape()).containsExactly(28, 28, 1);
    }

    @Test
    void asManyImagesAreKeptAsAReportMayShow() {
        preprocess(false);
        EmbeddingFolder embeddings = EmbeddingFolder.open(hadoop, embeddings());
        assertThat(embeddings.pictures(Split.TEST).orElseThrow().rows()).isEqualTo(LabelPaths.MOST_ROWS);
        assertThat(embeddings.pictures(Split.VALIDATION).orElseThrow().rows()).isEqualTo(LabelPaths.MOST_ROWS);
    }

    private void assertRows(EmbeddingTable table, PixelEmbedder embedder) {
        float[] row = new float[table.width()];
        for (int i = 0; i < table.rows(); i++) {
            Image image = image(table.id(i));
            table.copyRow(i, row, 0);
            assertThat(table.label(i)).isEqualTo(image.label());
            assertThat(row).isEqualTo(embedder.embed(image.bytes()));
        }
    }

    @Test
    void filesHaveTheSameBytesOnOneCore() throws IOException {
        preprocess(false);
        Map<String, String> onTwo = parquetFiles();
        session.stop();
        session = LocalSpark.withCores(1);
        Files.move(Path.of(embeddings(), "embeddings.json"), Path.of(embeddings(), "_noprop-unfinished"));
        preprocess(false);
        session.stop();
        assertThat(parquetFiles()).isEqualTo(onTwo).hasSize(3);
    }

    @Test
    void imagesAndTheirOrderDoNotDependOnTheNumberOfSlices() {
        DigitSource source = new DigitSource(100, 10, 1);
        ImageSlices images = new ImageSlices(source, new ValidationCut(0.3), new SerializableConfiguration(hadoop));
        JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
        for (Split split : Split.values()) {
            long scanned = split == Split.TEST ? 10 : 100;
            List<Long> ids =
                    images.read(context, split, scanned, 1).map(Image::id).collect();
            assertThat(images.read(context, split, scanned, 7).map(Image::id).collect())
                    .isEqualTo(ids)
                    .isSorted();
        }
    }

    @Test
    void largeSplitsGoToFilesOfAbout80Megabytes() {
        assertThat(EmbeddingWriter.files(10, 3072, 1)).isEqualTo(1);
        assertThat(EmbeddingWriter.files(50_000, 3072, 1)).isEqualTo(2);
        assertThat(EmbeddingWriter.files(1_000_000, 3072, 1)).isEqualTo(37);
    }

    @Test
    void elementsAreRequiredAndColumnsCompressedByZstd() throws IOException {
        preprocess(false);
        String file = parquet(Split.TEST).findFirst().orElseThrow().toString();
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file), hadoop))) {
            ParquetMetadata footer = reader.getFooter();
            assertThat(footer.getFileMetaData().getSchema().toString().replaceAll("\\s+", " "))
                    .contains("required int64 id;", "required int32 label;")
                    .contains("group embedding (LIST) { repeated group list { required float element; } }");
            assertThat(footer.getBlocks().get(0).getColumns())
                    .allSatisfy(column -> assertThat(column.getCodec()).isEqualTo(CompressionCodecName.ZSTD));
        }
    }

    @Test
    void eachStepIsNamedForTheSparkInterface() {
        Descriptions descriptions = new Descriptions();
        session.sparkContext().addSparkListener(descriptions);
        preprocess(false);
        session.stop();
        assertThat(descriptions.seen)
                .containsExactly(
                        "preprocess: pictures",
                        "preprocess: statistics",
                        "preprocess: test",
                        "preprocess: train",
                        "preprocess: validation");
    }

    @Test
    void embeddingsThatAreThereAreRefused() {
        preprocess(false);
        assertThatThrownBy(() -> preprocess(false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Embeddings are already in " + embeddings()
                        + "; give --resume to keep them, or another noprop.data.embeddings");
    }

    @Test
    void resumeKeepsTheSameAndRefusesOthers() throws IOException {
        assertThat(job().upToDate()).isFalse();
        preprocess(true);
        assertThat(job().upToDate()).isTrue();
        List<Path> files = parquet(Split.TRAIN).toList();
        preprocess(true);
        assertThat(parquet(Split.TRAIN)).isEqualTo(files);

        PreprocessJob other = new PreprocessJob(session, small.config("data.digits.seed=8"));
        assertThat(other.upToDate()).isFalse();
        assertThatThrownBy(() -> other.run(true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Embeddings in " + embeddings() + " were made from other images or settings;"
                        + " delete that folder, or give another noprop.data.embeddings");
    }

    @Test
    void anUnfinishedFolderIsWrittenAnew() throws IOException {
        preprocess(false);
        Files.move(Path.of(embeddings(), "embeddings.json"), Path.of(embeddings(), "_noprop-unfinished"));
        Files.delete(parquet(Split.TEST).findFirst().orElseThrow());
        preprocess(false);
        assertThat(EmbeddingFolder.open(hadoop, embeddings()).read(Split.TEST).rows())
                .isEqualTo(TEST);
        assertThat(parquet(Split.TRAIN)).hasSize(1);
    }

    @Test
    void withoutValidationThereIsNoSuchFolder() {
        new PreprocessJob(session, small.config("data.validation-fraction=0")).run(false);
        EmbeddingFolder written = EmbeddingFolder.open(hadoop, embeddings());
        assertThat(written.read(Split.TRAIN).rows()).isEqualTo(TRAIN);
        assertThat(written.read(Split.VALIDATION).rows()).isZero();
        assertThat(Path.of(embeddings(), "validation")).doesNotExist();
        assertThat(Path.of(embeddings(), "README.md")).content().doesNotContain("split: validation");
    }

    @Test
    void copiesAreRowsOfTheTrainingSplitAloneAndNameTheirSource() {
        new PreprocessJob(session, small.config("embedding.augmentation.flip=true", "embedding.augmentation.crops=1"))
                .run(false);
        EmbeddingFolder written = EmbeddingFolder.open(hadoop, embeddings());
        EmbeddingTable train = written.read(Split.TRAIN);
        assertThat(ids(train).distinct().count()).isEqualTo(train.rows());
        assertThat(ids(train).map(Augmentation::sourceOf).distinct().count()).isEqualTo(train.rows() / 3);
        assertThat(ids(train)
                        .map(Augmentation::sourceOf)
                        .filter(this::isValidation)
                        .count())
                .isZero();
        for (int row = 0; row < train.rows(); row++) {
            assertThat(train.label(row))
                    .isEqualTo(image(Augmentation.sourceOf(train.id(row))).label());
        }
        EmbeddingTable validation = written.read(Split.VALIDATION);
        assertThat(train.rows() / 3 + validation.rows()).isEqualTo(TRAIN);
        assertThat(ids(validation).filter(id -> id != Augmentation.sourceOf(id)).count())
                .isZero();
        assertThat(written.read(Split.TEST).rows()).isEqualTo(TEST);
    }

    @Test
    void missingImagesAreNamedBeforeAnythingIsWritten() {
        NoPropConfig config = small.config("data.kind=mnist", "data.path=" + folder.resolve("nowhere"));
        assertThatThrownBy(() -> new PreprocessJob(session, config).run(false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("There is no " + folder.resolve("nowhere") + "/train-images-idx3-ubyte (nor ");
        assertThat(Path.of(embeddings())).isEmptyDirectory();
    }

    private static final class Descriptions extends SparkListener {
        private final ConcurrentSkipListSet<String> seen = new ConcurrentSkipListSet<>();

        @Override
        public void onJobStart(SparkListenerJobStart job) {
            seen.add(job.properties().getProperty("spark.job.description"));
        }
    }

    private PreprocessJob job() {
        return new PreprocessJob(session, small.config());
    }

    private void preprocess(boolean resume) {
        job().run(resume);
    }

    private String embeddings() {
        return small.config().data().embeddings();
    }

    private Image image(long id) {
        var digits = small.config().data().digits();
        DigitSource source = new DigitSource(digits.train(), digits.test(), digits.seed());
        Part part = id < Part.TEST.id(0) ? Part.TRAIN : Part.TEST;
        try (ImageReader reader = source.open(hadoop, part)) {
            return reader.read(id - part.id(0));
        }
    }

    private boolean isValidation(long id) {
        return new ValidationCut(small.config().data().validationFraction()).holds(id);
    }

    private static LongStream ids(EmbeddingTable table) {
        return LongStream.range(0, table.rows()).map(row -> table.id((int) row));
    }

    private Stream<Path> parquet(Split split) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(embeddings(), split.folder()))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).toList().stream();
        }
    }

    private Map<String, String> parquetFiles() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (Split split : Split.values()) {
            List<Path> paths = parquet(split).toList();
            for (int i = 0; i < paths.size(); i++) {
                files.put(split + " " + i, Checksums.sha256(Files.readAllBytes(paths.get(i))));
            }
        }
        return files;
    }
}
