package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Paths;

class InputFilesTest {
    @TempDir
    Path folder;

    @Test
    void imagesAndParquetFilesAreToldApartByTheirEndingInWhateverCaseAndTheOthersAreCounted() throws IOException {
        write(
                "b/_MG_0001.JPG",
                "b/a.Png",
                "b/sub/c.tiff",
                "a/x.JPEG",
                "a/y.WebP",
                "z.gif",
                "t.PARQUET",
                "_x.parquet",
                "notes.txt");

        InputFiles files = list(folder);

        assertThat(names(files.images()))
                .containsExactly("z.gif", "a/x.JPEG", "a/y.WebP", "b/_MG_0001.JPG", "b/a.Png", "b/sub/c.tiff");
        assertThat(names(files.parquet())).containsExactly("t.PARQUET");
        assertThat(files.leftOut()).isEqualTo(Map.of("hidden", 1L, "of another kind", 1L));
        assertThat(files.images().paths()).contains("file:" + folder + "/b/sub/c.tiff");
        assertThat(files.images().folders()).containsExactly("", "a", "b", "b/sub");
    }

    @Test
    void whatSystemsAndEditorsLeaveBehindIsPassedOverAndCounted() throws IOException {
        write("a/1.png", "a/._1.png", "a/.empty.png", ".ipynb_checkpoints/1.png", "__MACOSX/a/1.png", "a/Thumbs.db");

        InputFiles files = list(folder);

        assertThat(names(files.images())).containsExactly("a/1.png");
        assertThat(files.leftOut()).isEqualTo(Map.of("hidden", 5L));
    }

    @Test
    void everyCharacterOfAPathStandsForItself() throws IOException {
        String odd = "data [2024] 100%, {a}/köln+#1/x*y?: z";
        write(odd + "/a:b%41.png", "data 2024/1.png");

        InputFiles files = list(folder.resolve(odd));

        assertThat(files.images().paths()).containsExactly("file:" + folder + "/" + odd + "/a:b%41.png");
    }

    @Test
    void aPathMayBeThatOfOneFile() throws IOException {
        write("test/only.png");

        InputFiles files = list(folder.resolve("test/only.png"));

        assertThat(files.single()).isTrue();
        write("_b.parquet");
        assertThat(list(folder.resolve("_b.parquet")).leftOut()).isEqualTo(Map.of("hidden", 1L));
        assertThat(names(files.images())).containsExactly("only.png");
        assertThat(files.images().paths()).containsExactly("file:" + folder + "/test/only.png");
    }

    @Test
    void linksAreFollowedButNotInCircles() throws IOException {
        write("a/1.png", "else/where/2.png", "else/3.png");
        Files.createSymbolicLink(folder.resolve("a/circle"), folder);
        Files.createSymbolicLink(folder.resolve("a/there"), folder.resolve("else/where"));
        Files.createSymbolicLink(folder.resolve("a/file.png"), folder.resolve("else/3.png"));
        Files.createSymbolicLink(folder.resolve("a/nowhere.png"), folder.resolve("gone"));

        InputFiles files = list(folder.resolve("a"));

        assertThat(names(files.images()))
                .containsExactly("1.png", "file.png", "circle/else/3.png", "circle/else/where/2.png", "there/2.png");
        assertThat(files.leftOut()).isEqualTo(Map.of("broken links", 2L));
    }

    @Test
    void aNameThatThisProcessCannotRepresentIsRefused() throws IOException, InterruptedException {
        write("cat/1.png");
        Process process = new ProcessBuilder("bash", "-c", "mkdir $'k\\xf6ln' && touch $'k\\xf6ln/1.png'")
                .directory(folder.toFile())
                .start();
        assertThat(process.waitFor()).isZero();

        assertThatThrownBy(() -> list(folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching(
                        "The name of .*/k\\uFFFDln cannot be represented in the character set (UTF-8 of this process; rename it"
                                + "|(?!UTF-8).* of this process; rename it, or start the job in a UTF-8 locale, such as"
                                + " LC_ALL=C.UTF-8) \\(a setting\\)");
    }

    @Test
    void whatIsNoFileIsLeftOutAndNeverWaitedFor() throws IOException, InterruptedException {
        write("cat/1.png");
        Path pipe = folder.resolve("cat/2.png");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        InputFiles files = list(folder);

        assertThat(names(files.images())).containsExactly("cat/1.png");
        assertThat(files.leftOut()).isEqualTo(Map.of("of another kind", 1L));
        assertThatThrownBy(() -> list(pipe))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(pipe + " is neither a file nor a folder; correct a setting");
    }

    @Test
    void emptyFoldersAreCounted() throws IOException {
        write("cat/1.png");
        Files.createDirectories(folder.resolve("dog/deep"));

        assertThat(list(folder).leftOut()).isEqualTo(Map.of("empty folders", 1L));
    }

    @Test
    void aFolderThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> list(folder.resolve("no[1]")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is no " + folder + "/no[1]; correct a setting");
    }

    @Test
    void aColonInARelativePathIsNoScheme() {
        Configuration hadoop = new Configuration();
        String here = Path.of("").toAbsolutePath().toString();

        assertThat(Paths.qualified(hadoop, "2024:11/a b")).isEqualTo("file:" + here + "/2024:11/a b");
        assertThat(Paths.qualified(hadoop, "file:/a:b")).isEqualTo("file:/a:b");
        assertThat(Paths.qualified(hadoop, "C:\\data")).isEqualTo("file:" + here + "/C:\\data");
        assertThat(Paths.qualified(hadoop, "file:a")).isEqualTo("file:" + here + "/file:a");
    }

    @Test
    void whatIsNoPathIsRefused() {
        assertThatThrownBy(() -> InputFiles.list(new Configuration(), "", "a setting"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("\"\" is no path (Can not create a Path from an empty string); correct it");
        assertThatThrownBy(() -> InputFiles.list(new Configuration(), "file://photos/cats", "a setting"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "file://photos/cats names a machine behind file://, where a path of this one begins with file:///;"
                                + " correct it");
    }

    @Test
    void tasksGetRunsOfNeighboursByBytesAndByCount() {
        FileList.Builder builder = new FileList.Builder("file:/base");
        for (int i = 0; i < 10; i++) {
            builder.add("f" + i / 4, new byte[] {(byte) ('a' + i)}, i == 5 ? 100 : 10);
        }
        FileList files = builder.build();

        List<List<String>> runs =
                files.runs(45, 3).stream().map(InputFilesTest::names).toList();

        assertThat(runs)
                .containsExactly(
                        List.of("f0/a", "f0/b", "f0/c"),
                        List.of("f0/d", "f1/e"),
                        List.of("f1/f"),
                        List.of("f1/g", "f1/h", "f2/i"),
                        List.of("f2/j"));
        assertThat(names(files.where(file -> file % 4 == 3))).containsExactly("f0/d", "f1/h");
    }

    private InputFiles list(Path path) {
        return InputFiles.list(new Configuration(), path.toString(), "a setting");
    }

    private static List<String> names(FileList files) {
        return files.paths().stream()
                .map(path -> path.substring(files.base().length() + 1))
                .toList();
    }

    private void write(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[] {1});
        }
    }
}
