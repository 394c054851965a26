package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.ImageSource.Part;

class MnistSourceTest {
    private static final int PIXELS = 28 * 28;
    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

    private final Configuration hadoop = new Configuration();
    private final SplittableRandom random = new SplittableRandom(11);

    @TempDir
    private Path folder;

    private byte[] trainPixels;
    private byte[] trainLabels;

    @BeforeEach
    void writeAWholeDataset() throws IOException {
        trainPixels = new byte[30 * PIXELS];
        random.nextBytes(trainPixels);
        trainLabels = labels(30);
        write(TRAIN_IMAGES + ".gz", gzip(images(30, 28, trainPixels)));
        write(TRAIN_LABELS, labelFile(30, trainLabels));
        write(TEST_IMAGES, images(11, 28, new byte[11 * PIXELS]));
        write(TEST_LABELS + ".gz", gzip(labelFile(11, labels(11))));
    }

    @Test
    void imagesAndLabelsComeBackCompressedOrNot() {
        ImageSourceSummary summary = source().inspect(hadoop);
        assertThat(summary.trainImages()).isEqualTo(30);
        assertThat(summary.testImages()).isEqualTo(11);
        assertThat(summary.classNames()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        try (ImageReader reader = source().open(hadoop, Part.TRAIN)) {
            for (int index : new int[] {0, 1, 5, 29}) {
                Image image = reader.read(index);
                assertThat(image.id()).isEqualTo(index);
                assertThat(image.label()).isEqualTo(trainLabels[index]);
                assertThat(image.bytes())
                        .isEqualTo(Arrays.copyOfRange(trainPixels, index * PIXELS, (index + 1) * PIXELS));
            }
        }
    }

    @Test
    void theFingerprintFollowsTheContentNotTheCompression() throws IOException {
        String before = source().inspect(hadoop).fingerprint();
        Files.delete(folder.resolve(TRAIN_IMAGES + ".gz"));
        write(TRAIN_IMAGES, images(30, 28, trainPixels));
        assertThat(source().inspect(hadoop).fingerprint()).isEqualTo(before);
        trainPixels[5]++;
        write(TRAIN_IMAGES, images(30, 28, trainPixels));
        assertThat(source().inspect(hadoop).fingerprint()).isNotEqualTo(before);
    }

    @Test
    void aMissingFileIsNamedWithWhatToDo() throws IOException {
        Files.delete(folder.resolve(TEST_IMAGES));
        assertRefused("There is no " + folder + "/t10k-images-idx3-ubyte (nor t10k-images-idx3-ubyte.gz):"
                + " put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and"
                + " t10k-labels-idx1-ubyte.gz there, or set noprop.data.path to the folder that holds them");
    }

    @Test
    void aTruncatedFileIsNamedWithWhatWasExpected() throws IOException {
        write(TEST_IMAGES, Arrays.copyOf(images(11, 28, new byte[11 * PIXELS]), 7_840));
        assertRefused("Cannot read " + folder + "/t10k-images-idx3-ubyte: 7840 bytes where the header promises 8640"
                + " (truncated download?)");
    }

    @Test
    void aTruncatedGzipFileIsNamedWithWhatWasExpected() throws IOException {
        byte[] whole = gzip(images(30, 28, trainPixels));
        write(TRAIN_IMAGES + ".gz", Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> source().inspect(hadoop))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching("Cannot read " + folder + "/train-images-idx3-ubyte\\.gz: \\d+ bytes where the"
                        + " header promises 23536 \\(truncated download\\?\\)");
    }

    @Test
    void aDamagedGzipFileIsNamed() throws IOException {
        byte[] whole = gzip(labelFile(11, labels(11)));
        whole[whole.length - 6] ^= 1;
        write(TEST_LABELS + ".gz", whole);
        assertRefused("Cannot read " + folder + "/t10k-labels-idx1-ubyte.gz: Corrupt GZIP trailer (damaged download?)");
    }

    @Test
    void bytesTooManyAreNoticed() throws IOException {
        write(TEST_LABELS + ".gz", gzip(labelFile(11, labels(12))));
        assertRefused("Cannot read " + folder
                + "/t10k-labels-idx1-ubyte.gz: more bytes than the 19 that the header promises");
    }

    @Test
    void aHeaderThatPromisesMoreThanThereCanBeIsRefusedBeforeItIsRead() throws IOException {
        byte[] bomb = gzip(labelFile(2_000_000_000, new byte[64 << 20]));
        write(TEST_LABELS + ".gz", bomb);
        byte[] other = gzip(labelFile(11, new byte[64 << 20]));
        long before = allocated();
        assertRefused(
                "Cannot read " + folder + "/t10k-labels-idx1-ubyte.gz: its header promises 2000000000 records where"
                        + " the dataset has 60000 (another dataset?)");
        write(TEST_LABELS + ".gz", other);
        assertRefused("Cannot read " + folder + "/t10k-labels-idx1-ubyte.gz: more bytes than the 19 that the header"
                + " promises");
        assertThat(allocated() - before).isLessThan(32L << 20);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void labelsInPlaceOfImagesAreNamed() throws IOException {
        write(TEST_IMAGES, labelFile(11, labels(11)));
        assertRefused("Cannot read " + folder + "/t10k-images-idx3-ubyte: it starts with 0x00000801 where 0x00000803"
                + " belongs: these are labels, not images (files swapped?)");
    }

    @Test
    void imagesInPlaceOfLabelsAreNamed() throws IOException {
        write(TRAIN_LABELS, images(30, 28, trainPixels));
        assertRefused("Cannot read " + folder + "/train-labels-idx1-ubyte: it starts with 0x00000803 where 0x00000801"
                + " belongs: these are images, not labels (files swapped?)");
    }

    @Test
    void aForeignFileIsNamed() throws IOException {
        write(TRAIN_IMAGES + ".gz", "<!DOCTYPE html>".getBytes(StandardCharsets.US_ASCII));
        assertRefused("Cannot read " + folder + "/train-images-idx3-ubyte.gz: it starts with 0x3c21444f where"
                + " 0x00000803 belongs: this is no idx3 file of bytes");
    }

    @Test
    void anEmptyFileIsNamed() throws IOException {
        write(TRAIN_LABELS, new byte[0]);
        assertRefused("Cannot read " + folder + "/train-labels-idx1-ubyte: it ends within its header of 8 bytes"
                + " (truncated download?)");
    }

    @Test
    void imagesOfAnotherSizeAreNamed() throws IOException {
        write(TEST_IMAGES, images(11, 32, new byte[11 * 32 * 32]));
        assertRefused("Cannot read " + folder + "/t10k-images-idx3-ubyte: images of 32x32 pixels where 28x28 belong"
                + " (another dataset?)");
    }

    @Test
    void labelsOfTheOtherPartAreNamed() throws IOException {
        write(TRAIN_LABELS, labelFile(11, labels(11)));
        assertRefused("Cannot read " + folder + "/train-labels-idx1-ubyte: 11 labels for the 30 images of " + folder
                + "/train-images-idx3-ubyte.gz (files swapped?)");
    }

    @Test
    void aLabelOutOfRangeIsNamed() throws IOException {
        trainLabels[17] = 10;
        write(TRAIN_LABELS, labelFile(30, trainLabels));
        assertRefused("Cannot read " + folder + "/train-labels-idx1-ubyte: record 17 has label 10 where labels are"
                + " 0 to 9 (damaged, or another dataset?)");
    }

    @Test
    void trainingAndTestFilesInEachOthersPlaceAreNoticed() {
        PublishedCounts mnist = new PublishedCounts("MNIST", 60_000, 10_000);
        assertThatThrownBy(() -> mnist.check("data/mnist", 10_000, 60_000))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot read data/mnist: 10000 training and 60000 test images where MNIST has 60000 and"
                        + " 10000 (training and test files swapped?)");
    }

    @Test
    void moreImagesThanPublishedAreNoticed() {
        PublishedCounts mnist = new PublishedCounts("MNIST", 60_000, 10_000);
        assertThatThrownBy(() -> mnist.check("data/mnist", 240_000, 10_000))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot read data/mnist: 240000 train images where MNIST has 60000 (another dataset?)");
    }

    @Test
    void thePublishedFilesAreRead() {
        MnistSource published = new MnistSource(RealData.folder("mnist"));
        ImageSourceSummary summary = published.inspect(hadoop);
        assertThat(summary.trainImages()).isEqualTo(60_000);
        assertThat(summary.testImages()).isEqualTo(10_000);
        int[] counts = new int[10];
        try (ImageReader reader = published.open(hadoop, Part.TEST)) {
            for (int i = 0; i < 10_000; i++) {
                counts[reader.read(i).label()]++;
            }
        }
        assertThat(counts).containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> source().inspect(hadoop))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }

    private MnistSource source() {
        return new MnistSource(folder.toString());
    }

    private byte[] labels(int count) {
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) random.nextInt(10);
        }
        return labels;
    }

    private static byte[] images(int count, int side, byte[] pixels) {
        return ByteBuffer.allocate(16 + pixels.length)
                .putInt(0x803)
                .putInt(count)
                .putInt(side)
                .putInt(side)
                .put(pixels)
                .array();
    }

    private static byte[] labelFile(int count, byte[] labels) {
        return ByteBuffer.allocate(8 + labels.length)
                .putInt(0x801)
                .putInt(count)
                .put(labels)
                .array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        }
        return compressed.toByteArray();
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
    }
}
