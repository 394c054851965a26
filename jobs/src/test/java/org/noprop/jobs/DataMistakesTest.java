package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How preprocess refuses data that is missing, damaged or cannot be had. */
class DataMistakesTest {
    @TempDir
    private Path folder;

    @Test
    void aMissingDataFileIsNamed() throws IOException {
        Outcome outcome = preprocess("data.kind=mnist", "data.path=" + folder + "/none");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("train-images-idx3-ubyte").contains(folder + "/none");
        assertThat(outcome.err().strip()).doesNotContain("\n");
    }

    @Test
    void aTruncatedDataFileIsNamedWithWhatWasExpectedAndFound() throws IOException {
        Path mnist = Files.createDirectories(folder.resolve("truncated"));
        byte[] imageHeader = {0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 28, 0, 0, 0, 28};
        byte[] labelHeader = {0, 0, 8, 1, 0, 0, 0, 10};
        writeIdx(mnist.resolve("train-images-idx3-ubyte.gz"), imageHeader, 784);
        writeIdx(mnist.resolve("train-labels-idx1-ubyte.gz"), labelHeader, 10);
        writeIdx(mnist.resolve("t10k-images-idx3-ubyte.gz"), imageHeader, 7840);
        writeIdx(mnist.resolve("t10k-labels-idx1-ubyte.gz"), labelHeader, 10);

        Outcome outcome = preprocess("data.kind=mnist", "data.path=" + mnist);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err().strip())
                .isEqualTo("Cannot read " + mnist + "/train-images-idx3-ubyte.gz: 800 bytes where the header promises"
                        + " 7856 (truncated download?)");
    }

    @Test
    void aDownloadThatCannotBeHadSaysWhichFilesToPutWhere() throws IOException {
        Path missing = folder.resolve("missing");
        Outcome outcome = preprocess(
                "data.kind=mnist", "data.download=true", "data.mirror=http://localhost:1", "data.path=" + missing);

        Outcome.assertRefused(
                outcome,
                "Cannot download MNIST from http://localhost:1/train-images-idx3-ubyte.gz: Connection refused; try"
                        + " again, or put train-images-idx3-ubyte.gz into " + missing + " yourself");
    }

    @Test
    void aLabelOutOfRangeIsNamed() throws IOException {
        Path cifar = folder.resolve("labels");
        TinyCifar.write(cifar, 10);

        Outcome outcome = preprocess("data.kind=cifar10", "data.path=" + cifar);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains(cifar + "/data_batch_1.bin").contains("10");
        assertThat(outcome.err().strip()).doesNotContain("\n");
    }

    private Outcome preprocess(String... settings) throws IOException {
        Path preset = Files.writeString(folder.resolve("tiny.conf"), "noprop {}");
        List<String> arguments = new ArrayList<>(List.of("preprocess", "--config", preset.toString()));
        Stream.concat(Stream.of(settings), Stream.of("data.embeddings=" + folder + "/other"))
                .forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return Outcome.of(arguments.toArray(String[]::new));
    }

    private static void writeIdx(Path file, byte[] header, int bytes) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(header);
            out.write(new byte[bytes]);
        }
    }
}
