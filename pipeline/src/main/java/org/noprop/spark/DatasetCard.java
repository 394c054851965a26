package org.noprop.spark;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.Json;
import org.noprop.data.Split;

/**
 * The README.md beside the Parquet files: a Hugging Face dataset card, with which Python's
 * {@code datasets.load_dataset(FOLDER)} returns a ClassLabel column and a fixed-length list of float32.
 *
 * @param name the dataset's name
 * @param description what the folder holds
 */
record DatasetCard(String name, EmbeddingDescription description) {

    /** The card's text. */
    String text() {
        return String.format(
                Locale.ROOT,
                """
                ---
                configs:
                - config_name: default
                  data_files:
                %s
                dataset_info:
                  features:
                  - name: id
                    dtype: int64
                  - name: label
                    dtype:
                      class_label:
                        names:
                %s
                  - name: embedding
                    list: float32
                    length: %d
                  splits:
                %s
                ---

                # Image embeddings of %s

                Written by the `preprocess` job of NoProp on Spark. A row is an image: `id` is unique over all
                splits, `label` is its class, `embedding` its vector, the values of an array of shape %s, last
                dimension fastest. The `validation` split is cut from the published training images by a hash
                of the id. Files of the source that were left out: %s.

                Embedder: `%s`
                """,
                lines(splits().map(split -> "  - split: " + split + "\n    path: " + split + "/*.parquet")),
                lines(classes()),
                description.width(),
                lines(splits().map(this::sizes)),
                name.replaceAll("\\s+", " "),
                description.shape(),
                InputFiles.said(description.leftOut()),
                description.embedder());
    }

    private Stream<String> splits() {
        return Stream.of(Split.values())
                .filter(split -> description.rows().getOrDefault(split, 0L) > 0)
                .map(Split::folder);
    }

    /** Sizes as they are in memory: ids and labels are 64-bit integers there. */
    private String sizes(String folder) {
        long rows = description.rows().get(Split.valueOf(folder.toUpperCase(Locale.ROOT)));
        long bytes = rows * (2 * Long.BYTES + (long) description.width() * Float.BYTES);
        return String.format(Locale.ROOT, "  - name: %s\n    num_bytes: %d\n    num_examples: %d", folder, bytes, rows);
    }

    private Stream<String> classes() {
        List<String> names = description.classNames();
        return IntStream.range(0, names.size())
                .mapToObj(label ->
                        String.format(Locale.ROOT, "          '%d': %s", label, Json.quoted(names.get(label))));
    }

    private static String lines(Stream<String> lines) {
        return lines.collect(Collectors.joining("\n"));
    }
}
