package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.DamagedFileException;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.RunLock;
import org.noprop.data.Split;

/** Prototypes of a few hundred drawn digits, beside an oracle that compares all with all. */
class PrototypeJobTest {
    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;
    private static EmbeddingFolder embeddings;
    private static EmbeddingTable table;

    @BeforeAll
    static void preprocess() {
        small = new SmallRun(folder);
        session = LocalSpark.withCores(2);
        small.preprocess(session);
        embeddings =
                EmbeddingFolder.open(new Configuration(), small.config().data().embeddings());
        table = embeddings.read(Split.TRAIN);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void theyAreTheImagesWithTheSmallestMedianDistanceInChunksOfAnySize() {
        float[] oracle = oracle();

        for (long budget : new long[] {1, 1_000, 4_000, 1L << 24}) {
            RunFolder run = small.folder(session, "budget-" + budget);
            job(run, budget).run(embeddings.description());

            assertThat(PrototypeJob.of(run)).as("with %d distances", budget).isEqualTo(oracle);
            assertThat(run.has("label-embedding/chunks")).isFalse();
        }
    }

    @Test
    void theyAreChosenOnce() {
        RunFolder run = small.folder(session, "once");
        job(run, 1_000).run(embeddings.description());
        float[] first = PrototypeJob.of(run);
        EmbeddingDescription moreClasses = described(11);

        job(run, 1_000).run(moreClasses);

        assertThat(PrototypeJob.of(run)).isEqualTo(first);
    }

    @Test
    void ofTwoJobsOfARunThatNeedThemOneChooses() throws Exception {
        RunFolder run = small.folder(session, "two");
        CompletableFuture<Void> waiting;
        try (RunLock other =
                run.lockFolderWhenFree("label-embedding", "the choice of prototypes", Duration.ofMinutes(1))) {
            waiting = CompletableFuture.runAsync(() -> job(run, 1_000).run(embeddings.description()));
            assertThatThrownBy(() -> waiting.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(run.has("label-embedding/chunks")).isFalse();
            other.requireHeld();
        }
        waiting.get();
        assertThat(run.list("label-embedding")).containsExactly("prototypes.safetensors");
    }

    @Test
    void aChangedBitIsNoticedAndTheSameAreChosenAgain() throws IOException {
        RunFolder run = small.folder(session, "damaged");
        job(run, 1_000).run(embeddings.description());
        float[] first = PrototypeJob.of(run);
        Path file = Path.of(run.path(), "label-embedding/prototypes.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 2] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> PrototypeJob.of(run))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage(
                        "Cannot read " + file + ": it does not match the checksum in its header; delete that file, and"
                                + " train-blocks --resume of run damaged chooses the same prototypes again");

        Files.delete(file);
        job(run, 1_000).run(embeddings.description());
        assertThat(PrototypeJob.of(run)).isEqualTo(first);
    }

    @Test
    void aClassWithoutAnImageIsNamed() {
        RunFolder run = small.folder(session, "no-image");

        assertThatThrownBy(() -> job(run, 1_000).run(described(11)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Class class 10 has no training image in "
                        + small.config().data().embeddings()
                        + " that could be its prototype; set noprop.label.embedding = learned");
    }

    @Test
    void aRunWithoutPrototypesSaysWhatToRun() {
        RunFolder run = small.folder(session, "none");

        assertThatThrownBy(() -> PrototypeJob.of(run))
                .hasMessage("Run none has no prototypes: no " + run.path()
                        + "/label-embedding/prototypes.safetensors; run train-blocks or train-baseline");
    }

    @Test
    void prototypesOverImageEmbeddingsThatAreNoImagesAreRefused() {
        EmbeddingDescription vectors = new EmbeddingDescription(
                List.of(512), List.of("a", "b"), embeddings.description().rows(), "{}", "none");

        assertThatThrownBy(() -> TrainingPlans.requireImages(small.config("label.embedding=prototype"), vectors))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("noprop.label.embedding = prototype needs images of shape [height, width, channels], but"
                        + " the image embeddings have the shape [512]; preprocess with embedding.kind = pixels, or set"
                        + " label.embedding = learned");
        assertThatCode(() -> TrainingPlans.requireImages(small.config("label.embedding=learned"), vectors))
                .doesNotThrowAnyException();
    }

    @Test
    void mediansAreThoseOfASort() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 500; i++) {
            int from = random.nextInt(5);
            int count = random.nextInt(1, 40);
            float[] squares = new float[from + count + 3];
            for (int j = 0; j < squares.length; j++) {
                squares[j] = random.nextInt(12);
            }
            float[] sorted = Arrays.copyOfRange(squares, from, from + count);
            Arrays.sort(sorted);
            double expected = (Math.sqrt(sorted[(count - 1) / 2]) + Math.sqrt(sorted[count / 2])) / 2;

            assertThat(Medians.distance(squares, from, from + count)).isEqualTo(expected, Offset.offset(1e-12));
        }
        assertThat(Medians.distance(new float[0], 0, 0)).isZero();
    }

    private static PrototypeJob job(RunFolder run, long budget) {
        return new PrototypeJob(
                session,
                small.config().data().embeddings(),
                small.config().run().dir(),
                run,
                budget);
    }

    private static EmbeddingDescription described(int classes) {
        EmbeddingDescription own = embeddings.description();
        List<String> names = new ArrayList<>();
        for (int label = 0; label < classes; label++) {
            names.add("class " + label);
        }
        return new EmbeddingDescription(own.shape(), names, own.rows(), own.embedder(), own.fingerprint());
    }

    private static float[] oracle() {
        int width = table.width();
        float[] chosen = new float[10 * width];
        for (int label = 0; label < 10; label++) {
            double smallest = Double.POSITIVE_INFINITY;
            for (int row = 0; row < table.rows(); row++) {
                if (table.label(row) == label && median(row) < smallest) {
                    smallest = median(row);
                    table.copyRow(row, chosen, label * width);
                }
            }
        }
        return chosen;
    }

    private static double median(int row) {
        List<Double> distances = new ArrayList<>();
        float[] own = new float[table.width()];
        float[] other = new float[table.width()];
        table.copyRow(row, own, 0);
        for (int j = 0; j < table.rows(); j++) {
            if (j != row && table.label(j) == table.label(row)) {
                table.copyRow(j, other, 0);
                double square = 0;
                for (int i = 0; i < own.length; i++) {
                    square += ((double) own[i] - other[i]) * ((double) own[i] - other[i]);
                }
                distances.add(Math.sqrt(square));
            }
        }
        distances.sort(null);
        int count = distances.size();
        return (distances.get((count - 1) / 2) + distances.get(count / 2)) / 2;
    }
}
