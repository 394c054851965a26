package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.noprop.config.ConfigPrinter;
import org.noprop.config.ConfigReader;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.Split;
import org.noprop.training.BaselinePlan;
import org.noprop.training.TrainingPlan;

/** Hashes beside runs and embeddings, which lie in users' folders for years. */
class FingerprintTest {
    private static final Path FIRST_VERSION = Path.of("src/test/resources/first-version");
    private static SparkSession session;

    @BeforeAll
    static void start() {
        session = LocalSpark.withCores(1);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    /**
     * Settings, and the hashes that the first version gave them. A setting that came later is to be listed where it
     * does what was done before ({@code ConfigPrinter.LATER}, {@link Fingerprint#lineUnless}), or every unfinished run
     * and all embeddings are lost.
     */
    @Test
    void allAreThoseOfTheFirstVersion() throws IOException {
        Map<String, List<String>> cases = new LinkedHashMap<>();
        String settings = "";
        for (String line : Files.readAllLines(FIRST_VERSION.resolve("fingerprints.txt"))) {
            if (line.startsWith("  ")) {
                cases.get(settings).add(line.strip());
            } else {
                settings = line;
                cases.put(settings, new ArrayList<>());
            }
        }
        assertThat(cases).hasSize(18);
        cases.forEach(
                (given, expected) -> assertThat(fingerprints(given)).as(given).isEqualTo(expected));
    }

    @Test
    void shardsAndRoundsEnterWhereTheyDecideTheWeights() {
        String alone = block("");
        assertThat(block("training.average-every=2")).isEqualTo(alone);
        assertThat(block("training.keep-every=2")).isEqualTo(alone);
        assertThat(block("training.shards=2")).isNotEqualTo(alone);
        assertThat(block("training.shards=3")).isNotEqualTo(block("training.shards=2"));
        assertThat(block("training.shards=2 training.average-every=2")).isNotEqualTo(block("training.shards=2"));
        assertThat(block("label.embedding=learned training.average-every=2"))
                .isNotEqualTo(block("label.embedding=learned"));
        assertThat(plan(config("training.shards=2")).head().fingerprint())
                .isEqualTo(plan(config("")).head().fingerprint());
    }

    private static String block(String settings) {
        return plan(config(settings)).block().fingerprint();
    }

    private static NoPropConfig config(String settings) {
        return ConfigReader.read("case", settings.isEmpty() ? List.of() : List.of(settings.split(" ")));
    }

    private static TrainingPlan plan(NoPropConfig config) {
        boolean images = config.label().embedding().name().equals("PROTOTYPE");
        EmbeddingDescription data = new EmbeddingDescription(
                images ? List.of(12, 12, 3) : List.of(36),
                List.of("a", "b", "c"),
                Map.of(Split.TRAIN, 10L),
                "{}",
                "data");
        return TrainingPlans.of(config, data, new float[3 * data.width()]);
    }

    private static List<String> fingerprints(String settings) {
        NoPropConfig config = config(settings);
        TrainingPlan plan = plan(config);
        List<String> found = new ArrayList<>();
        found.add("settings " + ConfigPrinter.settingsHash(config));
        found.add("block " + plan.block().fingerprint());
        found.add("head " + plan.head().fingerprint());
        for (BaselinePlan baseline : plan.baselines()) {
            found.add(baseline.kind() + " " + baseline.settings().fingerprint());
        }
        found.add("embeddings " + new ImageEmbeddings(session, config, new Images()).fingerprint());
        return found;
    }

    private static final class Images implements ImageOrigin {
        @Override
        public String name() {
            return "images";
        }

        @Override
        public String fingerprint() {
            return "images";
        }

        @Override
        public SortedMap<String, Long> leftOut() {
            return new TreeMap<>();
        }

        @Override
        public LabelledImages open(String folder) {
            throw new UnsupportedOperationException();
        }
    }
}
