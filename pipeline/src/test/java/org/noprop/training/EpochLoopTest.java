package org.noprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.Artifact;
import org.noprop.data.ArtifactState;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.LinearHead;
import org.noprop.label.OneHotEmbedding;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

class EpochLoopTest {
    private static final int EPOCHS = 6;
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.cosine(10);
    private static final OneHotEmbedding LABELS = new OneHotEmbedding(3);

    @TempDir
    Path folder;

    @Test
    void trainsToTheLastEpochAndWritesALineOfMetricsForEach() {
        Artifact artifact = run("plain").head();

        ArtifactState state = train(artifact, Integer.MAX_VALUE);

        assertThat(state.epoch()).isEqualTo(EPOCHS);
        assertThat(state.figures()).containsKeys(ArtifactFigures.CROSS_ENTROPY, ArtifactFigures.SECONDS);
        assertThat(artifact.metrics()).hasSize(EPOCHS);
        assertThat(artifact.metrics().get(2)).startsWith("{\"epoch\":3,\"epochs\":6,");
        assertThat(artifact.isFinished()).isTrue();
    }

    @Test
    void aLoopThatWasStoppedContinuesAndEndsBitIdentical() {
        Artifact undisturbed = run("undisturbed").head();
        train(undisturbed, Integer.MAX_VALUE);
        Artifact stopped = run("stopped").head();

        assertThatThrownBy(() -> train(stopped, 5)).hasMessage("stopped in epoch 5");
        train(stopped, Integer.MAX_VALUE);

        assertThat(stopped.weights()).isEqualTo(undisturbed.weights());
        assertThat(stopped.metrics()).hasSize(EPOCHS);
    }

    @Test
    void roundsLeaveACheckpointEachAndEndBitIdenticalToOneRound() {
        Artifact whole = run("whole").head();
        train(whole, Integer.MAX_VALUE);
        Artifact inRounds = run("in-rounds").head();

        List<Round> rounds = Round.each(EPOCHS, 5);
        ArtifactState first = trainRound(inRounds, rounds.get(0));
        assertThat(first.epoch()).isEqualTo(5);
        assertThat(inRounds.latestCheckpoint("same").orElseThrow().state().figures())
                .isEqualTo(first.figures());
        assertThat(inRounds.isFinished()).isFalse();
        trainRound(inRounds, rounds.get(1));

        assertThat(inRounds.weights()).isEqualTo(whole.weights());
        assertThat(inRounds.metrics()).hasSize(EPOCHS);
    }

    @Test
    void aRoundThatIsRepeatedTrainsNothingAgain() {
        Artifact artifact = run("repeated").head();
        List<Round> rounds = Round.each(EPOCHS, 3);
        trainRound(artifact, rounds.get(0));

        FailingLearner again = learner(1);
        new EpochLoop(again, RowOrder.of(again.rows.rows()), artifact, settings("same"))
                .train(rounds.get(0), TreeMap::new);
        assertThat(again.firstEpoch).isZero();

        trainRound(artifact, rounds.get(1));
        FailingLearner afterTheEnd = learner(1);
        new EpochLoop(afterTheEnd, RowOrder.of(afterTheEnd.rows.rows()), artifact, settings("same"))
                .train(rounds.get(1), TreeMap::new);
        assertThat(afterTheEnd.subject().weights()).isEqualTo(artifact.weights());
    }

    @Test
    void aRoundWithoutTheCheckpointBeforeItSaysSo() {
        Artifact artifact = run("gap").block(2);

        assertThatThrownBy(() -> trainRound(artifact, Round.each(EPOCHS, 3).get(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Block 2 has no whole checkpoint of epoch 3 in " + folder
                        + "/gap/blocks/block=02 to go on from; give --resume to go back to the one before");
    }

    @Test
    void averagesAreLoadedAtTheStartOfARoundAndNotInTheMidstOfIt() {
        Artifact artifact = run("shared").head();
        Round second = Round.each(EPOCHS, 3).get(1);
        trainRound(artifact, Round.each(EPOCHS, 3).get(0));
        SortedMap<String, Tensor> averages = new TreeMap<>(Map.of("u", Tensor.vector(7)));

        FailingLearner stopped = learner(5);
        assertThatThrownBy(() -> new EpochLoop(stopped, RowOrder.of(stopped.rows.rows()), artifact, settings("same"))
                        .train(second, () -> averages))
                .hasMessage("stopped in epoch 5");
        FailingLearner again = learner(Integer.MAX_VALUE);
        new EpochLoop(again, RowOrder.of(again.rows.rows()), artifact, settings("same")).train(second, () -> averages);

        assertThat(stopped.loaded).containsExactly(averages);
        assertThat(again.loaded).isEmpty();
    }

    @Test
    void anEpochBeforeTheCheckpointIsNotTrainedAgain() {
        Artifact artifact = run("counted").head();
        assertThatThrownBy(() -> train(artifact, 5)).hasMessage("stopped in epoch 5");

        FailingLearner again = learner(Integer.MAX_VALUE);
        new EpochLoop(again, RowOrder.of(again.rows.rows()), artifact, settings("same")).train();

        assertThat(again.firstEpoch).isEqualTo(5);
    }

    /** As of a task that Spark gave up for lost, or started twice to be sooner. */
    @Test
    void anAttemptThatComesLateStopsWithTheResultOfTheOneThatFinished() {
        Artifact artifact = run("late").head();
        FailingLearner late = learner(Integer.MAX_VALUE);
        late.beforeEpoch = epoch -> {
            if (epoch == 4) {
                train(artifact, Integer.MAX_VALUE);
            }
        };

        ArtifactState state = new EpochLoop(late, RowOrder.of(late.rows.rows()), artifact, settings("same")).train();

        assertThat(late.lastEpoch).as("the epoch after which it looks").isEqualTo(4);
        assertThat(state).isEqualTo(artifact.state());
        assertThat(artifact.metrics()).hasSize(EPOCHS);
        assertThat(late.subject().weights()).isEqualTo(artifact.weights());
    }

    @Test
    void twoAttemptsAtTheSameTimeLeaveOneWholeArtifact() throws InterruptedException, ExecutionException {
        Artifact undisturbed = run("alone").head();
        train(undisturbed, Integer.MAX_VALUE);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int repetition = 0; repetition < 10; repetition++) {
                Artifact artifact = run("twice-" + repetition).head();
                CyclicBarrier together = new CyclicBarrier(2);
                List<Future<ArtifactState>> attempts = new ArrayList<>();
                for (int attempt = 0; attempt < 2; attempt++) {
                    FailingLearner learner = learner(Integer.MAX_VALUE);
                    learner.beforeEpoch = epoch -> awaitOther(together);
                    attempts.add(threads.submit(
                            () -> new EpochLoop(learner, RowOrder.of(learner.rows.rows()), artifact, settings("same"))
                                    .train()));
                }
                for (Future<ArtifactState> attempt : attempts) {
                    assertThat(attempt.get().epoch()).isEqualTo(EPOCHS);
                }
                assertThat(artifact.weights()).isEqualTo(undisturbed.weights());
                assertThat(artifact.metrics())
                        .hasSize(EPOCHS)
                        .isEqualTo(artifact.state().metrics());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Where one has stopped, the other goes on alone. */
    private static void awaitOther(CyclicBarrier together) {
        try {
            together.await(200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            Thread.onSpinWait();
        }
    }

    @Test
    void trainingThatIsCancelledEndsBeforeItsNextStep() {
        Artifact artifact = run("cancelled").head();
        FailingLearner learner = learner(Integer.MAX_VALUE);
        AtomicBoolean cancelled = new AtomicBoolean();
        learner.beforeEpoch = epoch -> cancelled.set(epoch == 3);
        EpochLoop loop =
                new EpochLoop(learner, RowOrder.of(learner.rows.rows()), artifact, settings("same"), cancelled::get);

        assertThatThrownBy(loop::train)
                .isInstanceOf(CancellationException.class)
                .hasMessage("Training of The head was cancelled");
        assertThat(artifact.metrics()).hasSize(2);
    }

    @Test
    void aCheckpointOfOtherSettingsIsNotContinued() {
        Artifact artifact = run("other").head();
        assertThatThrownBy(() -> train(artifact, 5)).hasMessage("stopped in epoch 5");

        FailingLearner again = learner(Integer.MAX_VALUE);
        new EpochLoop(again, RowOrder.of(again.rows.rows()), artifact, settings("different")).train();

        assertThat(again.firstEpoch).isEqualTo(1);
    }

    @Test
    void aLossThatIsNoNumberEndsTrainingInOneSentence() {
        Artifact artifact = run("diverged").block(3);
        FailingLearner learner = learner(Integer.MAX_VALUE);
        learner.diverges = true;

        assertThatThrownBy(() ->
                        new EpochLoop(learner, RowOrder.of(learner.rows.rows()), artifact, settings("same")).train())
                .isInstanceOf(TrainingDivergedException.class)
                .hasMessage("Training of Block 3 diverged: its cross-entropy is no finite number in epoch 1;"
                        + " lower noprop.training.learning-rate");
        assertThat(artifact.isFinished()).isFalse();
    }

    @Test
    void everyEpochVisitsEachRowOnceInAnOrderOfItsOwn() {
        int[] first = new int[1000];
        int[] second = new int[1000];
        int[] otherLearner = new int[1000];
        RowOrder.of(first.length).shuffle(7, 2, 1, first);
        RowOrder.of(second.length).shuffle(7, 2, 2, second);
        RowOrder.of(otherLearner.length).shuffle(7, 3, 1, otherLearner);

        assertThat(first).doesNotHaveDuplicates().contains(0, 999).isNotEqualTo(second);
        assertThat(first).isNotEqualTo(otherLearner);
        int[] again = new int[1000];
        RowOrder.of(again.length).shuffle(7, 2, 1, again);
        assertThat(again).isEqualTo(first);
    }

    @Test
    void theCosineScheduleFallsFromTheWholeRateToNothing() {
        assertThat(LearningRateSchedule.COSINE.factor(0, 100)).isEqualTo(1);
        assertThat(LearningRateSchedule.COSINE.factor(50, 100)).isCloseTo(0.5, within(1e-12));
        assertThat(LearningRateSchedule.COSINE.factor(99, 100)).isBetween(0.0, 0.001);
        assertThat(LearningRateSchedule.CONSTANT.factor(99, 100)).isEqualTo(1);
    }

    @Test
    void aScheduleThatEndsAtNothingHardlyMovesTheWeightsInTheLastEpoch() {
        Artifact cosine = run("cosine").head();
        Artifact constant = run("constant").head();
        FailingLearner learner = learner(Integer.MAX_VALUE);
        TrainingSettings plain = new TrainingSettings(
                EPOCHS,
                10,
                OptimiserSettings.adamW(1e-2, 1e-3),
                LearningRateSchedule.CONSTANT,
                Regularisation.NONE,
                2,
                0,
                5,
                "plain");

        train(cosine, Integer.MAX_VALUE);
        new EpochLoop(learner, RowOrder.of(learner.rows.rows()), constant, plain).train();

        assertThat(movedInLastEpoch(cosine)).isLessThan(movedInLastEpoch(constant) / 4);
    }

    @Test
    void weightsOfSomeEpochsAreKeptBesideTheTrainedOnes() {
        Artifact artifact = run("kept").head();
        Artifact shorter = run("shorter").head();
        FailingLearner learner = learner(Integer.MAX_VALUE);
        FailingLearner fails = learner(5);

        new EpochLoop(learner, RowOrder.of(learner.rows.rows()), artifact, settings("kept", 4)).train();
        EpochLoop stopped = new EpochLoop(fails, RowOrder.of(fails.rows.rows()), shorter, settings("kept", 0));
        assertThatThrownBy(stopped::train).isInstanceOf(IllegalStateException.class);

        assertThat(artifact.keptEpochs()).containsExactly(4);
        assertThat(artifact.weightsAfter(4))
                .isEqualTo(shorter.latestCheckpoint("kept").orElseThrow().weights())
                .isNotEqualTo(artifact.weights());
        assertThat(artifact.weightsAfter(3)).isEqualTo(artifact.weights());
        assertThat(shorter.keptEpochs()).isEmpty();
    }

    @Test
    void withPatienceTrainingStopsAndKeepsTheBestWeights() {
        Artifact artifact = run("patient").head();
        double[] accuracies = {0.1, 0.5, 0.3, 0.5, 0.9, 0.9};
        ArtifactState state = trainPatiently(artifact, 2, accuracies, Integer.MAX_VALUE);

        assertThat(state.epoch()).isEqualTo(4);
        assertThat(state.figures())
                .containsEntry(ArtifactFigures.BEST_EPOCH, 2.0)
                .containsEntry(ArtifactFigures.VALIDATION_ACCURACY, 0.5);
        assertThat(artifact.metrics()).hasSize(4);
        Artifact twoEpochs = run("two-epochs").head();
        assertThatThrownBy(() -> trainPatiently(twoEpochs, 2, accuracies, 3)).hasMessage("stopped in epoch 3");
        assertThat(artifact.weights())
                .isEqualTo(twoEpochs.latestCheckpoint("patient").orElseThrow().weights());
    }

    @Test
    void aPatientLoopThatWasStoppedEndsAsIfItHadNotBeen() {
        double[] accuracies = {0.1, 0.5, 0.6, 0.5, 0.5, 0.5};
        Artifact undisturbed = run("undisturbed").head();
        ArtifactState whole = trainPatiently(undisturbed, 3, accuracies, Integer.MAX_VALUE);
        Artifact stopped = run("stopped").head();
        assertThatThrownBy(() -> trainPatiently(stopped, 3, accuracies, 4)).hasMessage("stopped in epoch 4");
        ArtifactState resumed = trainPatiently(stopped, 3, accuracies, Integer.MAX_VALUE);

        assertThat(whole.epoch()).isEqualTo(EPOCHS);
        assertThat(resumed.figures().get(ArtifactFigures.BEST_EPOCH)).isEqualTo(3);
        assertThat(stopped.weights()).isEqualTo(undisturbed.weights());
    }

    private static ArtifactState trainPatiently(
            Artifact artifact, int patience, double[] accuracies, int failsInEpoch) {
        FailingLearner learner = learner(failsInEpoch);
        learner.accuracies = accuracies;
        TrainingSettings settings = new TrainingSettings(
                EPOCHS,
                10,
                OptimiserSettings.adamW(1e-2, 1e-3),
                LearningRateSchedule.CONSTANT,
                new Regularisation(0, 0, 0, patience),
                2,
                0,
                5,
                "patient");
        return new EpochLoop(learner, RowOrder.of(learner.rows.rows()), artifact, settings).train();
    }

    /** How far the loss fell in the last epoch: as far as the weights moved. */
    private static double movedInLastEpoch(Artifact artifact) {
        List<String> lines = artifact.metrics();
        return Math.abs(crossEntropy(lines.get(EPOCHS - 1)) - crossEntropy(lines.get(EPOCHS - 2)));
    }

    private static double crossEntropy(String line) {
        try {
            return new ObjectMapper()
                    .readTree(line)
                    .get(ArtifactFigures.CROSS_ENTROPY)
                    .asDouble();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ArtifactState train(Artifact artifact, int failsInEpoch) {
        FailingLearner learner = learner(failsInEpoch);
        return new EpochLoop(learner, RowOrder.of(learner.rows.rows()), artifact, settings("same")).train();
    }

    private static ArtifactState trainRound(Artifact artifact, Round round) {
        FailingLearner learner = learner(Integer.MAX_VALUE);
        return new EpochLoop(learner, RowOrder.of(learner.rows.rows()), artifact, settings("same"))
                .train(round, TreeMap::new);
    }

    private static FailingLearner learner(int failsInEpoch) {
        SplittableRandom random = new SplittableRandom(11);
        int rows = 203;
        long[] ids = new long[rows];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            ids[row] = 10L * row;
            labels[row] = random.nextInt(LABELS.classes());
        }
        EmbeddingTable table = EmbeddingTable.of(ids, labels, new float[rows][1]);
        LinearHead linear = new LinearHead(LABELS.width(), LABELS.classes(), 1e-2, 1e-3);
        return new FailingLearner(
                table, new HeadLearner(linear, LABELS, SCHEDULE, table, settings("same")), failsInEpoch);
    }

    private static TrainingSettings settings(String fingerprint) {
        return settings(fingerprint, 0);
    }

    private static TrainingSettings settings(String fingerprint, int keepEvery) {
        return new TrainingSettings(
                EPOCHS,
                10,
                OptimiserSettings.adamW(1e-2, 1e-3),
                LearningRateSchedule.COSINE,
                Regularisation.NONE,
                2,
                keepEvery,
                5,
                fingerprint);
    }

    private RunFolder run(String name) {
        Path run = folder.resolve(name);
        try {
            Files.createDirectories(run);
            Files.writeString(run.resolve("run.json"), "{}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return RunFolder.open(new Configuration(), folder.toString(), name);
    }
}
