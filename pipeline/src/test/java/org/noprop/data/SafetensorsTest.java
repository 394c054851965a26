package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.Python;
import org.noprop.tensor.Tensor;

class SafetensorsTest {

    @Test
    void theLayoutIsThatOfTheSpecification() {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        tensors.put("b", Tensor.vector(3f));
        tensors.put("a", Tensor.matrix(1, 2, 1f, -2f));
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}";
        String padded = header + " ".repeat((8 - header.length() % 8) % 8);
        ByteBuffer expected = ByteBuffer.allocate(8 + padded.length() + 12).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded.length())
                .put(padded.getBytes(StandardCharsets.UTF_8))
                .putFloat(1f)
                .putFloat(-2f)
                .putFloat(3f);

        assertThat(Safetensors.encode(tensors)).isEqualTo(expected.array());
    }

    @Test
    void tensorsComeBackBitForBit() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 50; round++) {
            SortedMap<String, Tensor> tensors = randomTensors(random);
            byte[] file = Safetensors.encode(tensors);
            assertThat(Safetensors.decode(file, "x")).isEqualTo(tensors);
            assertThat(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8)
                    .isZero();
        }
    }

    private static SortedMap<String, Tensor> randomTensors(SplittableRandom random) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            int rows = random.nextInt(4);
            int columns = random.nextInt(1, 5);
            float[] values = new float[rows * columns];
            for (int j = 0; j < values.length; j++) {
                values[j] = Float.intBitsToFloat(random.nextInt() & 0xbfffffff);
            }
            tensors.put("layer/ü" + random.nextInt(), Tensor.matrix(rows, columns, values));
        }
        tensors.put("scalar", new Tensor(new long[0], new float[] {Float.NaN}));
        return tensors;
    }

    @Test
    void aTruncatedFileIsRefused() {
        byte[] whole = Safetensors.encode(new TreeMap<>(Map.of("w", Tensor.vector(1, 2, 3))));
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        assertThatThrownBy(() -> Safetensors.decode(cut, "head/weights.safetensors"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot read head/weights.safetensors: tensor w does not lie where its header says"
                        + " (truncated file?)");
    }

    @Test
    void anyCutOfAFileIsRefusedInASentence() {
        byte[] whole = Safetensors.encode(new TreeMap<>(Map.of("w", Tensor.vector(1, 2, 3))));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Safetensors.decode(cut, "x"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("Cannot read x: ");
        }
    }

    @Test
    void bytesBehindTheLastTensorAreRefused() {
        byte[] whole = Safetensors.encode(new TreeMap<>(Map.of("w", Tensor.vector(1, 2, 3))));
        assertThatThrownBy(() -> Safetensors.decode(Arrays.copyOf(whole, whole.length + 4), "x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot read x: 16 bytes of values where the header promises 12");
    }

    @Test
    void anotherTypeIsNamed() {
        byte[] json =
                "{\"w\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}".getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + 2).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        assertThatThrownBy(() -> Safetensors.decode(file.array(), "x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot read x: tensor w is of type F16, not F32");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'w':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,0]}} | does not lie where",
                "{'w':{'dtype':'F32','shape':[-1,-2],'data_offsets':[0,8]}} | does not lie where",
                "{'w':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}} | does not lie where",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | does not lie where",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[-4,4]}} | does not lie where",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | overlap or leave a gap at byte 0",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'v':{'dtype':'F32','shape':[1],"
                        + "'data_offsets':[4,8]}} | overlap or leave a gap at byte 8",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'w':{'dtype':'F32','shape':[1],"
                        + "'data_offsets':[4,8]}} | Duplicate field 'w'",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} {} | Trailing token",
                "[] | there is no JSON object",
                "{'\u00fc':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | its header is not UTF-8",
            })
    void aHeaderThatContradictsItselfIsRefusedInASentence(String header, String message) {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        assertThatThrownBy(() -> Safetensors.decode(file.array(), "x"))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageStartingWith("Cannot read x: ")
                .hasMessageContaining(message);
    }

    @Test
    void aHeaderLongerThanTheFileAllocatesNothing() {
        byte[] file = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(Long.MAX_VALUE)
                .array();
        assertThatThrownBy(() -> Safetensors.decode(file, "x"))
                .hasMessage("Cannot read x: a header of 9223372036854775807 bytes in a file of 16");
    }

    @Test
    void pythonReadsWhatIsWritten(@TempDir Path folder) throws IOException {
        Python python = Python.with("read-model", "numpy==1.26.4", "safetensors==0.5.3");
        Path file = folder.resolve("weights.safetensors");
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        tensors.put("b", Tensor.vector(0.5f));
        tensors.put("a", Tensor.matrix(2, 1, 1f, -2f));
        Files.write(file, Safetensors.encode(tensors));
        String program = "from safetensors.numpy import load_file as f; t = f('" + file
                + "'); print({k: (v.dtype.name, v.shape, v.ravel().tolist()) for k, v in sorted(t.items())})";
        assertThat(python.run(Map.of(), "-c", program).strip())
                .isEqualTo("{'a': ('float32', (2, 1), [1.0, -2.0]), 'b': ('float32', (1,), [0.5])}");
    }
}
