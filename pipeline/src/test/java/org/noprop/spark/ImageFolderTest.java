package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.data.InvalidInputException;

class ImageFolderTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"train, test", "Train, Test", "Training, Testing", "TRAIN, testing"})
    void partsAreKnownInWhateverCase(String train, String test) throws IOException {
        write(train + "/dog/1.png", train + "/cat/a/2.png", test + "/cat/3.png");

        ImageFolder found = find();

        assertThat(found.classNames()).containsExactly("cat", "dog");
        assertThat(found.train().paths()).hasSize(2);
        assertThat(found.test().paths()).containsExactly("file:" + folder + "/" + test + "/cat/3.png");
        assertThat(found.leftOut()).isEmpty();
    }

    @Test
    void withoutPartsEveryFolderAtTheTopIsAClassAndWhatLiesBesideThemIsCounted() throws IOException {
        write("_other/1.png", "cat/_MG_0001.JPG", "cat/deep/down/2.gif", "cover.png", "cat/notes.txt", "t.parquet");

        ImageFolder found = find();

        assertThat(found.classNames()).containsExactly("_other", "cat");
        assertThat(found.train().size()).isEqualTo(3);
        assertThat(found.test().size()).isZero();
        assertThat(found.leftOut()).isEqualTo(Map.of("outside of every class", 1L, "of another kind", 2L));
    }

    @Test
    void aClassOfTestImagesAloneIsLeftOutAndCounted() throws IOException {
        write("train/cat/1.png", "train/dog/1.png", "test/cat/1.png", "test/cow/1.png", "test/cow/2.png");

        ImageFolder found = find();

        assertThat(found.test().paths()).containsExactly("file:" + folder + "/test/cat/1.png");
        assertThat(found.leftOut()).isEqualTo(Map.of("of classes without training images", 2L));
    }

    @Test
    void foldersBesideTrainAndTestAreLeftOutAndCounted() throws IOException {
        write("train/cat/1.png", "train/dog/1.png", "test/cat/1.png", "extra/1.png", "extra/more/1.png");

        assertThat(find().leftOut()).isEqualTo(Map.of("beside train and test", 2L));
    }

    @Test
    void whatCannotBeToldApartIsRefused() throws IOException {
        write("train/1.png", "bus/1.png");
        assertRefused("It cannot be told whether train is the training part or a class in " + folder
                + ", beside bus; rename it if it is a class, and else move what is beside it away");
    }

    @ParameterizedTest
    @CsvSource({"seg_test, seg_train", "test_set, training_set", "TestImages, TrainImages", "x val, x train"})
    void foldersThatDifferByTheWordForAPartAloneAreNoClasses(String first, String second) throws IOException {
        write(first + "/cat/1.png", second + "/cat/1.png", "others/1.png");
        String[] names = {first, second};
        Arrays.sort(names);
        assertRefused("It cannot be told whether " + names[0] + " and " + names[1] + " in " + folder
                + " are a training part and a test part; name such parts train and test, or rename one of these");
    }

    @Test
    void classesMayHoldWordsForParts() throws IOException {
        write("train station/1.png", "test tube/1.png", "valley/1.png", "contest/1.png");
        assertThat(find().classNames()).containsExactly("contest", "test tube", "train station", "valley");
    }

    @Test
    void twoFoldersOfOnePartAreRefused() throws IOException {
        write("train/cat/1.png", "Training/cat/1.png");
        assertRefused("There are both Training and train in " + folder + "; put their images into one folder");
    }

    @ParameterizedTest
    @CsvSource({"val", "VALID", "Validation"})
    void aValidationPartIsRefused(String part) throws IOException {
        write("train/cat/1.png", part + "/cat/1.png");
        assertRefused("There is a validation part, " + part + ", in " + folder
                + ", where validation images are cut from the training images by noprop.data.validation-fraction;"
                + " move its classes into the training part, or name it test");
    }

    @Test
    void aTestPartAloneIsRefused() throws IOException {
        write("TEST/cat/1.png");
        assertRefused(
                "There are test files in " + folder + " and no training files; name these train, too, or neither");
    }

    @Test
    void partsThatHoldNoClassesAreRefused() throws IOException {
        write("train/1.png", "test/1.png");
        assertRefused("There are 1 images in " + folder
                + " outside of every class, such as train/1.png; put those of each class into a folder");
    }

    private ImageFolder find() {
        return ImageFolder.of(InputFiles.list(new Configuration(), folder.toString(), "noprop.data.path"));
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(this::find).isInstanceOf(InvalidInputException.class).hasMessage(sentence);
    }

    private void write(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[] {1});
        }
    }
}
