package org.noprop.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.data.DamagedFileException;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.InvalidInputException;
import org.noprop.data.ModelContent;
import org.noprop.data.Safetensors;
import org.noprop.data.Split;

/** Models as others hand them on: of the first version, damaged and edited. */
class ModelFolderTest {
    private static final Path FIRST_VERSION = Path.of("src/test/resources/first-version");

    @TempDir
    Path folder;

    @Test
    void aModelOfTheFirstVersionPredictsAsItDidThen() throws IOException {
        EmbeddingTable test = EmbeddingFolder.open(new Configuration(), FIRST_VERSION + "/embeddings")
                .read(Split.TEST);
        List<String> expected = Files.readAllLines(FIRST_VERSION.resolve("model/probabilities.csv"));
        try (LoadedModel model = read(FIRST_VERSION.resolve("model")).open()) {
            Predictions predictions = model.predict(TableRows.all(test));
            for (int row = 0; row < test.rows(); row++) {
                String[] values = expected.get(row).split(",", -1);
                assertThat(test.id(row)).isEqualTo(Long.parseLong(values[0]));
                for (int k = 0; k < test.rows() / 3; k++) {
                    assertThat(predictions.row(row)[k]).isCloseTo(Float.parseFloat(values[k + 1]), within(1e-6f));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dt-one-hot", "dt-learned", "dt-prototype", "ct-trained", "ct-cosine", "ct-linear", "fm"})
    void descriptionsOfTheFirstVersionAreRead(String name) throws IOException {
        String text = Files.readString(FIRST_VERSION.resolve("descriptions/" + name + ".json"));
        assertThat(ModelJson.read(text, "model.json").description())
                .isEqualTo(new ModelDescription(
                        "run-1",
                        List.of(10, 10, 1),
                        List.of("a", "b: 'x'", "c"),
                        "{\"kind\":\"pixels\",\"mean\":[0.5],\"deviation\":[0.25]}",
                        "0123abcd"));
    }

    /** Of a model without a checksum, which an edit does not contradict. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"prototype\" | \"prototypes\" | label-embedding: Cannot deserialize value of type Labels from String \"prototypes\"",
                "\"prototype\" | \"one-hot\" | label-width must be 3, one for each class",
                "\"label-width\" : 16 | \"label-width\" : 17 | label-width and classes make a tensor label-embedding of [3, 17]",
                "\"linear\" | \"liner\" | head.kind: Cannot deserialize",
                "\"linear\" | \"posterior\" | head.sigma must be a finite number of a posterior head",
                "\"dense\" | \"deep\" | network.kind: Cannot deserialize",
                "\"dense\" | \"convolutional\" | network must have the keys of its kind alone",
                "\"width\" : 2 | \"width\" : 2000000000 | network.width makes dimension 1 of tensor block.01.image.dense",
                "\"width\" : 2 | \"width\" : \"2\" | network.width: Cannot coerce",
                "\"width\" : 2 | \"wide\" : 2 | unknown key network.wide",
                "[ 4, 4, 1 ] | [ 4, 4, 2 ] | image-shape makes dimension 0 of tensor block.01.image.dense.weight 32",
                "[ 4, 4, 1 ] | [ 40000, 40000, 1000 ] | integer overflow",
                "[ 4, 4, 1 ] | [ -4, -4, 1 ] | image-shape must be >= 1 each",
                "\"class-2\" ] | \"class-2\", \"d\" ] | classes makes dimension 1 of tensor block.01.output.weight 4",
                "\"blocks\" : 2 | \"blocks\" : 3 | blocks must be 2",
                "1.0E-5, | 1.0E-5, 0.2, | blocks must be 3",
                "0.99999 | 1e400 | ᾱ_2 must be in (0, 1)",
                "\"schema\" : 2 | \"schema\" : 3 | it is of another version",
                "\"sampler\" : \"euler\" | \"sampler\" : \"rk4\" | inference.sampler: Cannot deserialize",
                "\"runs\" : 2 | \"runs\" : 0 | Inference needs 1 to 10000 runs, got 0",
                "\"runs\" : 2 | \"runs\" : 2147483647 | Inference needs 1 to 10000 runs, got 2147483647",
                "\"noise\" : 1.0 | \"noise\" : null | null where a value belongs",
                "\"seed\" : 1, | ~~ | missing key inference.seed",
                "\"data\" : | \"run\" : \"again\", \"data\" : | Duplicate field 'run'",
                "NoProp-DT | NoProp-CT | alpha-bar belongs to NoProp-DT",
            })
    void anEditIsRefusedBeforeAnythingIsAllocated(String from, String to, String message) throws IOException {
        Path model = copy(FIRST_VERSION.resolve("model"));
        String text = Files.readString(model.resolve("model.json"));
        assertThat(text).contains(from);
        Files.writeString(model.resolve("model.json"), text.replace(from, to == null ? "" : to));
        assertThatThrownBy(() -> read(model))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Cannot read " + model + "/model.json: ")
                .hasMessageContaining(message);
    }

    @Test
    void aModelThatIsWrittenTodayIsRefusedWhereverAByteOfItsFilesIsAnother() throws IOException {
        Path model = copy(FIRST_VERSION.resolve("model"));
        ModelFolder read = read(model);
        Map<String, byte[]> files = new TreeMap<>(rewritten(read).files());
        assertThat(new String(files.get("model.json"), StandardCharsets.UTF_8))
                .contains("\"checksum\" :", "\"checksums\" :", "\"model.safetensors\" :");
        assertThat(ModelFolder.of(new ModelContent("m", files)).settings()).isEqualTo(read.settings());

        for (String name : files.keySet()) {
            for (int at = 20; at < files.get(name).length; at += 97) {
                byte[] damaged = files.get(name).clone();
                damaged[at] ^= 1;
                Map<String, byte[]> others = new TreeMap<>(files);
                others.put(name, damaged);
                if (name.equals("model.json") && Character.isWhitespace(damaged[at] ^ 1)) {
                    continue;
                }
                assertThatThrownBy(() -> ModelFolder.of(new ModelContent("m", others)))
                        .as("byte %d of %s", at, name)
                        .isInstanceOf(DamagedFileException.class)
                        .hasMessageStartingWith("Cannot read m/" + name + ": ");
            }
        }
    }

    @Test
    void weightsThatAreNoNumbersAreRefused() throws IOException {
        Path model = copy(FIRST_VERSION.resolve("model"));
        byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
        Arrays.fill(weights, weights.length - 4, weights.length, (byte) 0xff);
        Files.write(model.resolve("model.safetensors"), weights);
        assertThatThrownBy(() -> read(model))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("Cannot read " + model + "/model.safetensors: tensor label-embedding holds NaN where finite"
                        + " numbers belong");
    }

    private static ModelFolder read(Path model) {
        return ModelFolder.read(new Configuration(), model.toString());
    }

    private static ModelContent rewritten(ModelFolder model) throws IOException {
        byte[] weights = Files.readAllBytes(FIRST_VERSION.resolve("model/model.safetensors"));
        return ModelContent.of(
                "m",
                Safetensors.decode(weights, "m"),
                new TreeMap<>(),
                checksums -> ModelJson.write(model.settings(), model.description(), checksums));
    }

    private Path copy(Path from) throws IOException {
        for (String name : List.of("model.json", "model.safetensors")) {
            Files.copy(from.resolve(name), folder.resolve(name));
        }
        return folder;
    }
}
