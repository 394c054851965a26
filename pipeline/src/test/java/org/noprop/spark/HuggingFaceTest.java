package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.Python;
import org.noprop.data.DigitSource;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.Split;

/** Embeddings in Python's datasets and pyarrow, and images from datasets, with the libraries as PyPI has them. */
class HuggingFaceTest {
    private static final String SCRIPT =
            Path.of("src/test/python/huggingface.py").toAbsolutePath().toString();

    @TempDir
    static Path folder;

    private static SparkSession session;

    @BeforeAll
    static void start() {
        session = LocalSpark.withCores(2);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void pythonLoadsEmbeddingsWithTypedColumns() {
        Python python = python();
        SmallRun small = new SmallRun(folder);
        small.preprocess(session);
        EmbeddingDescription written = description(small.config().data().embeddings());

        assertThat(run(python, "read", small.config().data().embeddings()))
                .endsWith("{'train': " + written.rows().get(Split.TRAIN) + ", 'validation': "
                        + written.rows().get(Split.VALIDATION) + ", 'test': 200}\n");
    }

    @Test
    void imagesThatPythonWroteArePreprocessedWithTheirClassNames() throws IOException {
        Python python = python();
        DigitSource digits = new DigitSource(60, 20, 5);
        PngFiles.write(digits, Part.TRAIN, 60, folder.resolve("png/train"));
        PngFiles.write(digits, Part.TEST, 20, folder.resolve("png/test"));
        run(python, "write", folder + "/png", folder + "/hugging-face");

        new PreprocessJob(
                        session,
                        new SmallRun(folder)
                                .config(
                                        "data.kind=parquet",
                                        "data.path=" + folder + "/hugging-face",
                                        "data.embeddings=" + folder + "/of-hugging-face"))
                .run(false);

        EmbeddingDescription written = description(folder + "/of-hugging-face");
        assertThat(written.classNames())
                .containsExactly("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
        assertThat(written.rows()).containsEntry(Split.TEST, 20L);
    }

    private static Python python() {
        return Python.with(
                "huggingface", "datasets==5.2.0", "pyarrow==26.0.1", "pillow==13.0.0", "numpy==2.4.6", "pandas==3.1.1");
    }

    private static String run(Python python, String... arguments) {
        Map<String, String> offline = new HashMap<>(Map.of("HF_HUB_OFFLINE", "1", "HF_HOME", folder + "/cache"));
        String[] line = new String[arguments.length + 1];
        line[0] = SCRIPT;
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        return python.run(offline, line);
    }

    private static EmbeddingDescription description(String embeddings) {
        assertThat(Files.exists(Path.of(embeddings))).isTrue();
        return EmbeddingFolder.open(new Configuration(), embeddings).description();
    }
}
