package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.data.DigitSource;
import org.noprop.data.ImageSource.Part;
import org.noprop.spark.PngFiles;

/** A user's own folder of images, from preprocess to the prediction of new images of it. */
class FolderRunTest {
    private static final int TRAIN = 200;
    private static final int TEST = 40;

    @TempDir
    static Path folder;

    @BeforeAll
    static void writeImages() throws IOException {
        DigitSource digits = new DigitSource(TRAIN, TEST, 3);
        PngFiles.write(digits, Part.TRAIN, TRAIN, folder.resolve("images/train"));
        PngFiles.write(digits, Part.TEST, TEST, folder.resolve("images/test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pixels", "patches"})
    void aFolderOfImagesIsTrainedOnAndNewImagesArePredicted(String embedding) throws IOException {
        Path preset = Files.writeString(
                folder.resolve(embedding + ".conf"),
                """
                noprop {
                  run.dir = "%1$s/runs"
                  data { kind = folder, path = "%1$s/images", embeddings = "%1$s/%2$s" }
                  embedding { kind = %2$s, patches { count = 20, sample = 2000, rows = 150, reduction = 30 } }
                  diffusion.blocks = 2
                  training { epochs = 2, head-epochs = 2, batch-size = 32 }
                  inference.runs = 2
                }
                """
                        .formatted(folder, embedding));

        Outcome run = Outcome.of("run", "--config", preset.toString(), "--run-id", embedding);
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<String> fromFiles = predicted(embedding, "images/test");

        assertThat(fromFiles).hasSize(TEST).isEqualTo(predicted(embedding, embedding + "/test"));
    }

    /** What is said of each row without noise, sorted. */
    private static List<String> predicted(String run, String input) {
        String output = folder + "/" + run + "-of-" + input.replace('/', '-');
        Outcome outcome = Outcome.of(
                "predict",
                "--model=" + folder + "/runs/" + run + "/model",
                "--input=" + folder + "/" + input,
                "--output=" + output,
                "--runs=0");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        try (SparkSession session = SparkSession.builder().master("local[2]").getOrCreate()) {
            return session.read().parquet(output).selectExpr("prediction", "probability").collectAsList().stream()
                    .map(row -> row.getInt(0) + " "
                            + row.<Float>getList(1).stream()
                                    .map(p -> String.format(Locale.ROOT, "%.4f", p))
                                    .toList())
                    .sorted()
                    .toList();
        }
    }
}
