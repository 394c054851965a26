package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.Checksums;
import org.noprop.data.DigitSource;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.Image;
import org.noprop.data.ImageReader;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Pictures;
import org.noprop.data.Split;
import org.noprop.embedding.ImageEmbedder;
import org.noprop.embedding.PatchEmbedder;

/** Preprocessing to patch embeddings, from digits to files and back to the embedder that made them. */
class PatchPreprocessTest {
    private static final String[] PATCHES = {
        "data.digits.train=200",
        "data.digits.test=50",
        "embedding.kind=patches",
        "embedding.patches.count=20",
        "embedding.patches.sample=2000",
        "embedding.patches.rows=120",
        "embedding.patches.reduction=30"
    };

    private static SparkSession session;

    private final Configuration hadoop = new Configuration();

    @TempDir
    private Path folder;

    private SmallRun small;

    @BeforeEach
    void start() {
        small = new SmallRun(folder, PATCHES);
        session = LocalSpark.withCores(2);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void newImagesGoThroughTheStoredEmbedderToTheSameBits() {
        preprocess();
        EmbeddingFolder embeddings = EmbeddingFolder.open(hadoop, embeddings());
        assertThat(embeddings.description().shape()).containsExactly(30);
        PatchEmbedder embedder =
                PatchEmbedder.of(embeddings.description().embedder(), embeddings.tensors(), "embeddings");
        EmbeddingTable test = embeddings.read(Split.TEST);
        assertThat(test.rows()).isEqualTo(50);
        float[] row = new float[30];
        try (ImageReader images =
                        new DigitSource(200, 50, small.config().data().digits().seed()).open(hadoop, Part.TEST);
                ImageEmbedder.Session opened = embedder.open()) {
            for (int i = 0; i < 50; i++) {
                test.copyRow(i, row, 0);
                assertThat(opened.embed(List.of(images.read(i).bytes())).get(0)).isEqualTo(row);
            }
        }
    }

    @Test
    void theFirstImagesAreKeptInTheOrderOfTheRows() {
        preprocess();
        EmbeddingFolder embeddings = EmbeddingFolder.open(hadoop, embeddings());
        Pictures pictures = embeddings.pictures(Split.TEST).orElseThrow();
        assertThat(pictures.rows()).isEqualTo(50);
        assertThat(List.of(pictures.height(), pictures.width(), pictures.channels()))
                .containsExactly(28, 28, 1);
        EmbeddingTable test = embeddings.read(Split.TEST);
        try (ImageReader images =
                new DigitSource(200, 50, small.config().data().digits().seed()).open(hadoop, Part.TEST)) {
            for (int i = 0; i < 50; i++) {
                Image image = images.read(i);
                assertThat(image.id()).isEqualTo(test.id(i));
                float[] values = pictures.values(i);
                for (int pixel = 0; pixel < 784; pixel++) {
                    assertThat(values[pixel]).isEqualTo(image.bytes()[pixel] & 0xFF);
                }
            }
        }
        assertThat(embeddings.pictures(Split.VALIDATION).orElseThrow().rows())
                .isEqualTo(embeddings.read(Split.VALIDATION).rows());
        assertThat(embeddings.pictures(Split.TRAIN)).isEmpty();
    }

    @Test
    void filesHaveTheSameBytesOnOneCore() throws IOException {
        preprocess();
        Map<String, String> onTwo = checksums();
        session.stop();
        session = LocalSpark.withCores(1);
        Files.move(Path.of(embeddings(), "embeddings.json"), Path.of(embeddings(), "_noprop-unfinished"));
        preprocess();
        session.stop();
        assertThat(checksums()).isEqualTo(onTwo).hasSize(4);
    }

    @Test
    void otherSettingsMakeOtherEmbeddings() {
        preprocess();
        assertThat(new PreprocessJob(session, small.config()).upToDate()).isTrue();
        assertThat(new PreprocessJob(session, small.config("embedding.patches.seed=2")).upToDate())
                .isFalse();
    }

    @Test
    void patchesLargerThanTheImagesAreRefused() {
        NoPropConfig config = small.config("embedding.patches.size=40");
        assertThatThrownBy(() -> new PreprocessJob(session, config).run(false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("noprop.embedding.patches does not fit the images: Patches of 40 pixels every 1 in images"
                        + " of 28 x 28");
    }

    @Test
    void moreComponentsThanRowsAreRefused() {
        NoPropConfig config = small.config("data.digits.train=60", "embedding.patches.reduction=80");
        assertThatThrownBy(() -> new PreprocessJob(session, config).run(false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("The features of ")
                .hasMessageEndingWith(" training images are too few to find 80 principal components of; lower"
                        + " noprop.embedding.patches.reduction, or raise rows");
    }

    private void preprocess() {
        new PreprocessJob(session, small.config()).run(false);
    }

    private String embeddings() {
        return small.config().data().embeddings();
    }

    private Map<String, String> checksums() throws IOException {
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of(embeddings()))) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.(parquet|safetensors)"))
                    .toList()) {
                sums.put(file.getParent().getFileName().toString(), Checksums.sha256(Files.readAllBytes(file)));
            }
        }
        return sums;
    }
}
