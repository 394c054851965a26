package org.noprop.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * What is at the end of a user's Parquet file, as Parquet's format has it: Parquet's own library fails over columns of types
 * that are younger than it.
 *
 * @param file its path
 * @param content what the format says of the file
 */
public record ParquetFooter(String file, FileMetaData content) {
    private static final String MAGIC = "PAR1";
    private static final String ENCRYPTED_MAGIC = "PARE";
    private static final String GIT_LFS = "vers";
    /** The footer's length and the magic number. */
    private static final int END = 8;

    private static final String HUGGING_FACE = "huggingface";

    /**
     * Reads it.
     *
     * @throws InvalidInputException if the file is none of Parquet, or is damaged
     */
    public static ParquetFooter read(Configuration hadoop, String file) {
        InputFile input = RetriedInput.parquet(hadoop, new Path(file));
        try (SeekableInputStream in = input.newStream()) {
            return new ParquetFooter(file, read(in, input.getLength(), file));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    private static FileMetaData read(SeekableInputStream in, long length, String file) throws IOException {
        if (length == 0) {
            throw new InvalidInputException(file + " is empty and no Parquet file; write it again, or delete it");
        }
        String first = text(bytes(in, 0, (int) Math.min(length, MAGIC.length())), 0);
        byte[] end = bytes(in, Math.max(0, length - END), (int) Math.min(length, END));
        String last = text(end, Math.max(0, end.length - MAGIC.length()));
        if (last.equals(ENCRYPTED_MAGIC)) {
            throw new InvalidInputException(file + " is encrypted, which is not read; write it without");
        }
        if (!first.equals(MAGIC)) {
            throw new InvalidInputException(file + " is not a Parquet file: its first bytes are not " + MAGIC
                    + (first.equals(GIT_LFS) ? "; Git LFS left a pointer, so fetch the file by git lfs pull" : "")
                    + "; write it again, or give it another ending");
        }
        int size = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (!last.equals(MAGIC) || size < 0 || size > length - END - MAGIC.length()) {
            throw new DamagedFileException(
                    file + " is damaged: it begins as a Parquet file and does not end as one, after " + length
                            + " bytes; write or copy it again",
                    null);
        }
        byte[] footer = bytes(in, length - END - size, size);
        try {
            return Util.readFileMetaData(new ByteArrayInputStream(footer));
        } catch (IOException | RuntimeException e) {
            throw new DamagedFileException(
                    file + " is damaged: what is at its end describes no Parquet file; write or copy it again", e);
        }
    }

    private static byte[] bytes(SeekableInputStream in, long from, int count) throws IOException {
        byte[] bytes = new byte[count];
        in.seek(from);
        in.readFully(bytes);
        return bytes;
    }

    private static String text(byte[] bytes, int from) {
        return new String(bytes, from, bytes.length - from, StandardCharsets.ISO_8859_1);
    }

    /** What whoever wrote the file added to it under a name. */
    public Optional<String> metadata(String key) {
        List<KeyValue> pairs = content.getKey_value_metadata();
        return Optional.ofNullable(pairs).orElse(List.of()).stream()
                .filter(pair -> pair.getKey().equals(key))
                .findFirst()
                .map(KeyValue::getValue);
    }

    /**
     * The names of the classes of a column, by label, as Hugging Face's {@code datasets} adds them to the files that it
     * writes; none where the file does not say them.
     *
     * @throws InvalidInputException if what says them is not JSON
     */
    public List<String> classNames(String column) {
        try {
            JsonNode names = new ObjectMapper()
                    .readTree(metadata(HUGGING_FACE).orElse("{}"))
                    .path("info")
                    .path("features")
                    .path(column)
                    .path("names");
            return StreamSupport.stream(names.spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
        } catch (JsonProcessingException e) {
            throw new InvalidInputException(
                    "The metadata " + HUGGING_FACE + " of " + file + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
