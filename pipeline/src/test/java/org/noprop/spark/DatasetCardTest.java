package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.Split;

class DatasetCardTest {

    @Test
    void theCardTypesColumnsAndLeavesEmptySplitsOut() {
        EmbeddingDescription description = new EmbeddingDescription(
                List.of(2, 2, 1),
                List.of("no", "it's"),
                Map.of(Split.TRAIN, 10L, Split.VALIDATION, 0L, Split.TEST, 3L),
                "{\"kind\":\"pixels\"}",
                "f1n9e7");
        assertThat(new DatasetCard("toys", description).text())
                .startsWith(
                        """
                        ---
                        configs:
                        - config_name: default
                          data_files:
                          - split: train
                            path: train/*.parquet
                          - split: test
                            path: test/*.parquet
                        dataset_info:
                          features:
                          - name: id
                            dtype: int64
                          - name: label
                            dtype:
                              class_label:
                                names:
                                  '0': "no"
                                  '1': "it's"
                          - name: embedding
                            list: float32
                            length: 4
                          splits:
                          - name: train
                            num_bytes: 320
                            num_examples: 10
                          - name: test
                            num_bytes: 96
                            num_examples: 3
                        ---

                        # Image embeddings of toys
                        """)
                .contains("an array of shape [2, 2, 1]", "Embedder: `{\"kind\":\"pixels\"}`");
    }

    @Test
    void theCardIsTheSameWhereDigitsAreArabic() {
        EmbeddingDescription description = new EmbeddingDescription(
                List.of(4), List.of("cat", "dog"), Map.of(Split.TRAIN, 1234L), "{\"kind\":\"pixels\"}", "f1n9e7");
        String card = new DatasetCard("toys", description).text();
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertThat(new DatasetCard("toys", description).text())
                    .isEqualTo(card)
                    .contains("'0': \"cat\"", "num_examples: 1234");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void noNameOfAClassBreaksOutOfTheHead() {
        List<String> names = List.of("a\n---\nlicense: mine", "b\": c # d", "e\u2028f\\", "g: 'h'");
        String card = new DatasetCard(
                        "toys\n---", new EmbeddingDescription(List.of(4), names, Map.of(Split.TRAIN, 1L), "{}", "f"))
                .text();
        String[] parts = card.split("(?m)^---$", -1);
        assertThat(parts).hasSize(3);
        assertThat(parts[1])
                .contains(
                        "'0': \"a\\u000a---\\u000alicense: mine\"\n",
                        "'1': \"b\\\": c # d\"\n",
                        "'2': \"e\\u2028f\\\\\"\n",
                        "'3': \"g: 'h'\"\n");
        assertThat(parts[2]).contains("# Image embeddings of toys ---\n");
    }
}
