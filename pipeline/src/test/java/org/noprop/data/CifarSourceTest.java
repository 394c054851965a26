package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.CifarSource.Variant;
import org.noprop.data.ImageSource.Part;

class CifarSourceTest {
    private static final int RECORD = 3073;

    private final Configuration hadoop = new Configuration();
    private final SplittableRandom random = new SplittableRandom(12);

    @TempDir
    private Path folder;

    private byte[] second;

    @BeforeEach
    void writeAWholeDataset() throws IOException {
        for (int i = 1; i <= 5; i++) {
            write("data_batch_" + i + ".bin", records(4, 10, 1));
        }
        second = records(3, 10, 1);
        write("data_batch_2.bin", second);
        write("test_batch.bin", records(2, 10, 1));
        Files.writeString(folder.resolve("batches.meta.txt"), names(10) + "\n\n");
    }

    @Test
    void recordsOfAllBatchesComeBackWithChannelsLast() {
        ImageSourceSummary summary = cifar10().inspect(hadoop);
        assertThat(summary.trainImages()).isEqualTo(19);
        assertThat(summary.testImages()).isEqualTo(2);
        assertThat(summary.classNames()).hasSize(10).startsWith("class0", "class1");
        try (ImageReader reader = cifar10().open(hadoop, Part.TRAIN)) {
            assertThat(reader.read(1).id()).isEqualTo(1);
            Image image = reader.read(5);
            int start = RECORD;
            assertThat(image.id()).isEqualTo(5);
            assertThat(image.label()).isEqualTo(second[start]);
            for (int pixel = 0; pixel < 1024; pixel++) {
                for (int channel = 0; channel < 3; channel++) {
                    assertThat(image.bytes()[pixel * 3 + channel])
                            .isEqualTo(second[start + 1 + channel * 1024 + pixel]);
                }
            }
            assertThat(reader.read(18).id()).isEqualTo(18);
            assertThatThrownBy(() -> reader.read(19))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("Cannot read " + folder + "/data_batch_5.bin: it ends before image 19");
        }
    }

    @Test
    void theFineLabelsOfCifar100AreItsClasses() throws IOException {
        byte[] train = records(6, 100, 2);
        write("train.bin", train);
        write("test.bin", records(2, 100, 2));
        Files.writeString(folder.resolve("fine_label_names.txt"), names(100));
        CifarSource cifar100 = new CifarSource(Variant.CIFAR100, folder.toString());
        assertThat(cifar100.inspect(hadoop).classNames()).hasSize(100);
        try (ImageReader reader = cifar100.open(hadoop, Part.TRAIN)) {
            Image image = reader.read(4);
            assertThat(image.label()).isEqualTo(train[4 * 3074 + 1]);
            assertThat(image.bytes()[1]).isEqualTo(train[4 * 3074 + 2 + 1024]);
        }
    }

    @Test
    void aMissingFileIsNamedWithWhatToDo() throws IOException {
        Files.delete(folder.resolve("data_batch_3.bin"));
        assertRefused("There is no " + folder + "/data_batch_3.bin: put data_batch_1.bin, data_batch_2.bin,"
                + " data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin and batches.meta.txt of"
                + " CIFAR-10's binary version there, or set noprop.data.path to the folder that holds them");
    }

    @Test
    void aTruncatedFileIsNamed() throws IOException {
        write("data_batch_4.bin", Arrays.copyOf(records(4, 10, 1), 12_000));
        assertRefused("Cannot read " + folder + "/data_batch_4.bin: 12000 bytes are no whole number of CIFAR-10"
                + " records of 3073 bytes (truncated download?)");
    }

    @Test
    void aFileOfTheOtherDatasetIsNamed() throws IOException {
        write("data_batch_1.bin", records(4, 10, 2));
        assertRefused("Cannot read " + folder + "/data_batch_1.bin: 12296 bytes are no whole number of CIFAR-10"
                + " records of 3073 bytes (is this a file of CIFAR-100?)");
    }

    @Test
    void anEmptyFileIsNamed() throws IOException {
        write("test_batch.bin", new byte[0]);
        assertRefused("Cannot read " + folder + "/test_batch.bin: 0 bytes are no whole number of CIFAR-10 records of"
                + " 3073 bytes (truncated download?)");
    }

    @Test
    void aLabelOutOfRangeIsNamed() throws IOException {
        second[2 * RECORD] = (byte) 200;
        write("data_batch_2.bin", second);
        assertRefused("Cannot read " + folder + "/data_batch_2.bin: record 2 has label 200 where labels are 0 to 9"
                + " (damaged, or another dataset?)");
    }

    @Test
    void aTestFileCopiedOverATrainingFileIsNoticed() throws IOException {
        write("test_batch.bin", second);
        assertRefused("Cannot read " + folder + "/test_batch.bin: it is the same as " + folder
                + "/data_batch_2.bin (one copied over the other?)");
    }

    @Test
    void aWrongNumberOfClassNamesIsNamed() throws IOException {
        Files.writeString(folder.resolve("batches.meta.txt"), names(9));
        assertRefused("Cannot read " + folder + "/batches.meta.txt: 9 class names where CIFAR-10 has 10 classes");
    }

    @Test
    void aFifthWithTrainingAndTestFilesSwappedIsNoticed() {
        PublishedCounts cifar100 = new PublishedCounts("CIFAR-100", 50_000, 10_000);
        assertThatThrownBy(() -> cifar100.check("data/cifar100", 2_000, 10_000))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot read data/cifar100: 2000 training and 10000 test images where CIFAR-100 has 50000"
                        + " and 10000 (training and test files swapped?)");
        cifar100.check("data/cifar100", 10_000, 2_000);
    }

    @Test
    void thePublishedFilesAreRead() {
        CifarSource published = new CifarSource(Variant.CIFAR10, RealData.folder("cifar-10-batches-bin"));
        ImageSourceSummary summary = published.inspect(hadoop);
        assertThat(summary.trainImages()).isEqualTo(50_000);
        assertThat(summary.classNames()).startsWith("airplane", "automobile").endsWith("truck");
        double[] means = new double[3];
        try (ImageReader reader = published.open(hadoop, Part.TRAIN)) {
            for (int i = 0; i < 50_000; i += 10) {
                byte[] bytes = reader.read(i).bytes();
                for (int j = 0; j < bytes.length; j++) {
                    means[j % 3] += Byte.toUnsignedInt(bytes[j]) / 255.0 / 1024 / 5_000;
                }
            }
        }
        // The channel means of CIFAR-10 that every training recipe quotes.
        assertThat(means).containsExactly(new double[] {0.4914, 0.4822, 0.4465}, within(0.01));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> cifar10().inspect(hadoop))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }

    private CifarSource cifar10() {
        return new CifarSource(Variant.CIFAR10, folder.toString());
    }

    private byte[] records(int count, int classes, int labelBytes) {
        int size = labelBytes + RECORD - 1;
        byte[] bytes = new byte[count * size];
        random.nextBytes(bytes);
        for (int i = 0; i < count; i++) {
            bytes[i * size + labelBytes - 1] = (byte) random.nextInt(classes);
        }
        return bytes;
    }

    private static String names(int classes) {
        return IntStream.range(0, classes).mapToObj(i -> "class" + i).collect(Collectors.joining("\n"));
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
    }
}
