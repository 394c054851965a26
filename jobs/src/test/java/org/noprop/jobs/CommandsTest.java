package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real commands on digits that take seconds, and how each refuses what is there already or does not fit. */
class CommandsTest {
    private static final String RUN = "first";

    @TempDir
    static Path folder;

    private static Outcome whole;

    @BeforeAll
    static void runAllFour() throws IOException {
        Files.writeString(
                folder.resolve("tiny.conf"),
                """
                noprop {
                  run.dir = "%1$s/runs"
                  data { embeddings = "%1$s/embeddings", digits { train = 400, test = 100 } }
                  diffusion.blocks = 2
                  network.width = 48
                  training { epochs = 2, head-epochs = 2 }
                  inference.runs = 2
                }
                """
                        .formatted(folder));
        whole = noprop("run", "--run-id", RUN);
    }

    @Test
    void runSaysTheVerdictAndWhereTheReportIs() {
        assertThat(whole.exitCode()).isZero();
        assertThat(whole.out())
                .contains("Run first in " + folder + "/runs/first")
                .containsPattern("NoProp \\d+\\.\\d\\d %, baseline \\d+\\.\\d\\d %: NoProp is ")
                .contains("Report: " + folder + "/runs/first/report/report.html");
        assertThat(folder.resolve("runs/first/report/report.html")).isRegularFile();
    }

    @Test
    void predictUsesTheModelOfARun() {
        String output = folder + "/predicted";
        Outcome outcome = predict(output);
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .matches("Predictions of 100 rows as ([1-9]|10) of 10 classes are in \\Q" + output + "\\E(; .*)?\n");
        assertThat(Path.of(output, "_SUCCESS")).isRegularFile();
        Outcome.assertRefused(
                predict(output), "There is something in " + output + " already; give another --output, or delete it");
    }

    private static Outcome predict(String output) {
        return Outcome.of(
                "predict",
                "--model",
                folder + "/runs/first/model",
                "--input",
                folder + "/embeddings/test",
                "--output",
                output);
    }

    @Test
    void measurePrintsATableAndWritesItsFiguresToTheRun() {
        Outcome outcome = noprop("measure", "--run-id", RUN, "--blocks", "1", "--repeats", "1");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .containsPattern("one block +1 +[0-9.]+ MB")
                .containsPattern("baseline +1 +[0-9.]+ MB")
                .contains("Figures: " + folder + "/runs/first/profile/memory.json");
        assertThat(folder.resolve("runs/first/profile/memory.json")).isRegularFile();
    }

    @Test
    void runRefusesConvolutionsThatDoNotFitTheImagesBeforeItPreprocessesThem() {
        Outcome outcome = noprop(
                "run",
                "--set",
                "data.embeddings=" + folder + "/elsewhere",
                "--set",
                "network.kind=convolutional",
                "--set",
                "network.channels=[2,2,2,2,2,2,2,2]");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("noprop.network.channels does not fit the images: ");
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void preprocessRefusesEmbeddingsThatAreThere() {
        Outcome.assertRefused(
                noprop("preprocess"),
                "Embeddings are already in " + folder
                        + "/embeddings; give --resume to keep them, or another noprop.data.embeddings");
    }

    @Test
    void trainBlocksRefusesBlocksThatAreThere() {
        Outcome.assertRefused(
                noprop("train-blocks", "--run-id", RUN),
                "Run first already has a block 1 in " + folder
                        + "/runs/first/blocks/block=01; give --resume to continue it, or another --run-id");
    }

    @Test
    void trainBaselineRefusesABaselineThatIsThere() {
        Outcome.assertRefused(
                noprop("train-baseline", "--run-id", RUN),
                "Run first already has a baseline in " + folder
                        + "/runs/first/baseline; give --resume to continue it, or another --run-id");
    }

    @Test
    void evaluateRefusesAnEvaluationThatIsThere() {
        Outcome.assertRefused(
                noprop("evaluate"),
                "Run first is evaluated already, see " + folder
                        + "/runs/first/evaluation/metrics.json; give --resume to evaluate it again");
    }

    @Test
    void anEvaluationThatMissesWhatIsRequiredEndsWithCode3AndLosesNothing() throws IOException {
        Path metrics = folder.resolve("runs/first/evaluation/metrics.json");
        Outcome outcome = noprop("evaluate", "--run-id", RUN, "--resume", "--set", "evaluation.require.accuracy=100");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err().strip())
                .matches("noprop\\.evaluation\\.require is not met: accuracy is \\d+\\.\\d\\d % where at least 100 % is"
                        + " required \\(all figures are in " + metrics + "\\)");
        assertThat(Files.readString(metrics)).contains("\"met\" : false");
        assertThat(Files.readString(folder.resolve("runs/first/run.json"))).contains("\"finished\"");
    }

    @Test
    void anEvaluationThatReachesWhatIsRequiredEndsWithCode0() {
        assertThat(noprop("evaluate", "--run-id", RUN, "--resume", "--set", "evaluation.require.accuracy=1")
                        .exitCode())
                .isZero();
    }

    @Test
    void severalSeedsAreRunsOfTheirOwnGatheredAtTheEnd() throws IOException {
        Outcome outcome = noprop("run", "--run-id", "s", "--seeds", "2", "--set", "run.seed=7");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains("Run s-seed7 in ", "Run s-seed8 in ")
                .containsPattern(
                        "2 seeds: NoProp \\d+\\.\\d\\d ± \\d+\\.\\d\\d %, without noise .*, baseline .* points (below|above)")
                .contains("Figures: " + folder + "/runs/seeds/tiny.json");
        assertThat(Files.readString(folder.resolve("runs/seeds/tiny.json"))).contains("\"seeds\" : [ 7, 8 ]");
        Outcome gathered = noprop("evaluate", "--runs", "s-seed7,s-seed8");
        assertThat(gathered.exitCode()).isZero();
        assertThat(outcome.out()).contains(gathered.out());
        Outcome missed = noprop("evaluate", "--runs", "s-seed7,s-seed8", "--set", "evaluation.require.accuracy=100");
        assertThat(missed.exitCode()).isEqualTo(3);
        assertThat(missed.err().strip())
                .matches(
                        "noprop\\.evaluation\\.require is not met over 2 seeds: accuracy is \\d+\\.\\d\\d % where at least"
                                + " 100 % is required \\(all figures are in " + folder + "/runs/seeds/tiny\\.json\\)");
    }

    @Test
    void planSaysHowLongTheRunWouldTakeOnACluster() {
        Outcome outcome = noprop("plan", "--executors", "4", "--bandwidth", "100", "--seconds", "0.2");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .containsPattern(
                        "On 4 executors NoProp would train for \\d+\\.\\d s, data-parallel back-propagation for")
                .contains("NoProp gets no faster beyond T·K = 2·1 = 2 executors.")
                .contains("Figures: " + folder + "/runs/plans/tiny.json");
        assertThat(folder.resolve("runs/plans/tiny.svg")).isRegularFile();
    }

    @Test
    void aPlanOnCoresOfThisMachineMeasuresTwoAtOnceAndCanBelongToARun() throws IOException {
        Outcome outcome = noprop("plan", "--executors=2", "--same-machine", "--seconds=0.2", "--run-id", RUN);

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("Figures: " + folder + "/runs/first/profile/plan.json");
        JsonNode plan = new ObjectMapper().readTree(Files.readString(folder.resolve("runs/first/profile/plan.json")));
        assertThat(plan.at("/times/side-by-side").asDouble()).isGreaterThanOrEqualTo(1);
        assertThat(plan.at("/times/build").asDouble()).isPositive();
        assertThat(plan.at("/times/average").asDouble()).isPositive();
        assertThat(plan.at("/cluster/contention").asDouble())
                .isEqualTo(plan.at("/times/side-by-side").asDouble());
    }

    @Test
    void comparePutsRunsSideBySideWithoutAConfiguration() throws IOException {
        Outcome outcome = Outcome.of("compare", folder + "/runs/first", folder + "/runs/first");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .containsPattern("first +1 +\\d+\\.\\d\\d ± \\d+\\.\\d\\d %")
                .contains("Figures: " + folder + "/runs/comparison.html");
        assertThat(Files.readString(folder.resolve("runs/comparison.html"))).contains("<svg", ">first</td>");
    }

    @Test
    void compareRefusesWhatIsNoRun() {
        Outcome.assertRefused(
                Outcome.of("compare", folder + "/runs/none"),
                "There is no run none in " + folder + "/runs; look there for the names of runs");
    }

    @Test
    void runsThatDifferInMoreThanTheirSeedAreNotGathered() {
        Outcome.assertRefused(
                noprop("evaluate", "--runs", RUN, "--set", "training.epochs=3"),
                "Run first differs from this configuration in more than its seed: compare " + folder
                        + "/runs/first/config/effective.conf with --print-config");
    }

    @Test
    void aRunOfOtherSettingsIsNotTakenForThisOne() {
        Outcome.assertRefused(
                noprop("evaluate", "--run-id", RUN, "--set", "training.epochs=3"),
                "Run first was made with other settings: compare " + folder
                        + "/runs/first/config/effective.conf with --print-config, or give another --run-id");
    }

    @Test
    void resumingAFinishedRunKeepsIt() {
        Outcome again = noprop("train-blocks", "--run-id", RUN, "--resume");

        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).containsPattern("train-blocks: 0 trained, 3 kept in \\d+\\.\\d s");
    }

    @Test
    void aCorruptedBlockFileIsNamedAtEvaluation() throws IOException {
        Path weights = folder.resolve("runs/first/blocks/block=02/weights.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        byte[] corrupted = bytes.clone();
        corrupted[corrupted.length / 2] ^= 64;
        Files.write(weights, corrupted);
        try {
            Outcome.assertRefused(
                    noprop("evaluate", "--run-id", RUN, "--resume"),
                    "Block 2 is damaged: " + weights + " does not match its checksum; delete that folder and run"
                            + " train-blocks --resume to train it alone");
        } finally {
            Files.write(weights, bytes);
        }
    }

    @Test
    void embeddingsOfAnotherWidthThanTheModelsAreRefused() throws IOException {
        Path embeddings = folder.resolve("embeddings");
        Path kept = folder.resolve("kept");
        Files.move(embeddings, kept);
        try {
            TinyCifar.write(folder.resolve("cifar"), 9);
            assertThat(noprop("preprocess", "--set", "data.kind=cifar10", "--set", "data.path=" + folder + "/cifar")
                            .exitCode())
                    .isZero();

            Outcome.assertRefused(
                    noprop("evaluate", "--run-id", RUN, "--resume"),
                    "The image embeddings in " + folder + "/embeddings, of width 3072, are not those that run first was"
                            + " trained on; make those again with preprocess, or train a new run on these");
        } finally {
            deleteTree(embeddings);
            Files.move(kept, embeddings);
        }
    }

    private static Outcome noprop(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--config", folder + "/tiny.conf"));
        arguments.addAll(List.of(options));
        return Outcome.of(arguments.toArray(String[]::new));
    }

    private static void deleteTree(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
