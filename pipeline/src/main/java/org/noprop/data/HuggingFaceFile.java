package org.noprop.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;

/** What Hugging Face's {@code datasets} adds to the Parquet files that it writes. */
public final class HuggingFaceFile {
    private static final String KEY = "huggingface";

    private HuggingFaceFile() {}

    /**
     * The names of the classes of a ClassLabel column, by label; none where the file does not say them.
     *
     * @throws DamagedFileException if the file is no Parquet file
     */
    public static List<String> classNames(Configuration hadoop, String file, String column) {
        String text = metadata(hadoop, new Path(file));
        if (text == null) {
            return List.of();
        }
        try {
            JsonNode names = new ObjectMapper()
                    .readTree(text)
                    .path("info")
                    .path("features")
                    .path(column)
                    .path("names");
            return StreamSupport.stream(names.spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
        } catch (JsonProcessingException e) {
            throw new InvalidInputException(
                    "The metadata " + KEY + " of " + file + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String metadata(Configuration hadoop, Path file) {
        try (ParquetFileReader reader = ParquetFileReader.open(RetriedInput.parquet(hadoop, file))) {
            return reader.getFileMetaData().getKeyValueMetaData().get(KEY);
        } catch (UncheckedIOException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new DamagedFileException("Cannot read " + file + " as Parquet: " + e.getMessage(), e);
        }
    }
}
