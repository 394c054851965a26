package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.FaultyFileSystem;
import org.noprop.data.RunFolder;
import org.noprop.data.Shard;
import org.noprop.data.Split;
import org.noprop.training.ArtifactTrainer;
import org.noprop.training.MemberState;
import org.noprop.training.Round;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingRows;

class ShardedTrainingTest {
    private static final int SHARDS = 2;
    private static final int BLOCKS = 2;
    private static final int ROUNDS = 2;

    private static final FaultyFileSystem FILES = FaultyFileSystem.of("sharded-training");

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;
    private static RunFolder sharded;
    private static TrainingSummary summary;

    @BeforeAll
    static void trainInTwoShards() {
        small = new SmallRun(folder);
        session = LocalSpark.withCores(4);
        FaultyFileSystem.register(session.sparkContext().hadoopConfiguration());
        small.preprocess(session);
        NoPropConfig config = inShards();
        sharded = run(config, "sharded");
        summary = new TrainBlocksJob(session, config, sharded).run(false);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void theWeightsAreThoseOfMembersThatWereTrainedAndAveragedByHand() throws IOException {
        RunFolder byHand = run(inShards(), "by-hand");
        ArtifactTrainer trainer = new ArtifactTrainer(plan(), rows());

        for (Round round : Round.each(ROUNDS, 1)) {
            List<MemberState> members = new ArrayList<>();
            for (int number = 1; number <= SHARDS; number++) {
                members.add(trainer.member(2, byHand.block(2), round, new Shard(number, SHARDS))
                        .state());
            }
            trainer.average(2, byHand.block(2), round, members);
        }

        assertThat(sharded.block(2).weights()).isEqualTo(byHand.block(2).weights());
        assertThat(sharded.block(2).metrics()).hasSize(ROUNDS).last().asString().contains("validation-accuracy");
        try (var left = Files.list(Path.of(sharded.block(2).path()))) {
            assertThat(left.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith(".")))
                    .containsExactlyInAnyOrder("metrics.jsonl", "state.json", "weights.safetensors");
        }
    }

    @Test
    void membersMeasureAllTermsOfTheObjectiveInContinuousTimeToo() {
        NoPropConfig config = inShards("diffusion.method=fm", "diffusion.intervals.count=1", "training.epochs=1");
        RunFolder flow = run(config, "flow");
        new TrainBlocksJob(session, config, flow).run(false);

        assertThat(flow.block(1).state().figures())
                .containsKeys("squared-error", "cross-entropy", "kl-to-prior", "denoising", "validation-accuracy");
        TrainingPlan plan = TrainingPlans.of(config, embeddings().description());
        assertThat(new TrainingRecords(flow, plan)
                        .facts(Optional.empty())
                        .objective()
                        .total())
                .isFinite();
    }

    @Test
    void aRoundShufflesAtMostTheStatesOfItsMembersAndTheProfileSaysSo() throws IOException {
        long state = stateBytes();
        assertThat(summary.exchanged()).hasSize(BLOCKS * ROUNDS + 1);
        for (int block = 1; block <= BLOCKS; block++) {
            for (int round = 1; round <= ROUNDS; round++) {
                Exchange exchange = summary.exchanged().get("block " + block + "/2 round " + round + "/2");
                assertThat(exchange.shuffleWriteBytes())
                        .as("K states of %d bytes", state)
                        .isBetween(SHARDS * state * 95 / 100, SHARDS * state);
                assertThat(exchange.shuffleReadBytes()).isEqualTo(exchange.shuffleWriteBytes());
                assertThat(exchange.runFolderBytes()).isGreaterThan(state / 3);
            }
        }
        assertThat(Files.readString(Path.of(sharded.path(), "profile", "train-blocks.json")))
                .contains("\"block 1/2 round 1/2\" : {", "\"shuffleWriteBytes\" : ", "\"runFolderBytes\" : ");
    }

    @Test
    void withOneShardNothingIsShuffled() {
        NoPropConfig config = small.config("diffusion.blocks=1", "training.epochs=1");
        TrainingSummary whole = new TrainBlocksJob(session, config, run(config, "whole")).run(false);

        assertThat(whole.exchangedTogether().shuffleWriteBytes()).isZero();
        assertThat(whole.exchangedTogether().shuffleReadBytes()).isZero();
        assertThat(whole.exchangedTogether().runFolderBytes()).isPositive();
    }

    @Test
    void aRoundThatWasLostIsTrainedAgainToTheSameWeights() {
        RunFolder lost = run(inShards(), "lost");
        TrainingPlan plan = plan();
        ArtifactTrainer trainer = new ArtifactTrainer(plan, rows());
        Round first = Round.each(ROUNDS, 1).get(0);
        List<MemberState> members = new ArrayList<>();
        for (int number = 1; number <= SHARDS; number++) {
            members.add(trainer.member(1, lost.block(1), first, new Shard(number, SHARDS))
                    .state());
        }
        trainer.average(1, lost.block(1), first, members);

        TrainingSummary resumed =
                new TrainingJob(session, inShards(), lost, "train-blocks").train(List.of(Subject.block(1)), true);

        assertThat(resumed.trained()).extracting(TaskOutcome::round).containsExactly(2, 2, 2);
        assertThat(lost.block(1).weights()).isEqualTo(sharded.block(1).weights());
    }

    /** The first shard of block 1 stands still until block 2 has ended: who waited would wait for ever. */
    @Test
    @Timeout(120)
    void aSlowShardHoldsUpItsOwnGroupAlone() {
        NoPropConfig config = inShards("run.dir=" + FILES.path(folder.resolve("slow")));
        Timeline timeline = new Timeline();
        FILES.beforeWriting(path -> {
            if (path.contains("/block=01/shard=1/")) {
                awaitUnchecked(timeline.othersEnded);
            }
        });
        session.sparkContext().addSparkListener(timeline);

        RunFolder slow = run(config, "slow");
        new TrainBlocksJob(session, config, slow).run(false);

        session.sparkContext().removeSparkListener(timeline);
        assertThat(timeline.ended.subList(timeline.ended.size() - ROUNDS, timeline.ended.size()))
                .containsExactly("block 1/2 round 1/2", "block 1/2 round 2/2");
        assertThat(slow.block(1).weights()).isEqualTo(sharded.block(1).weights());
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static NoPropConfig inShards(String... more) {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.add("diffusion.blocks=" + BLOCKS);
        settings.add("training.epochs=" + ROUNDS);
        settings.add("training.shards=" + SHARDS);
        return small.config(settings.toArray(String[]::new));
    }

    private static RunFolder run(NoPropConfig config, String id) {
        return new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.of(id), true);
    }

    private static TrainingPlan plan() {
        return TrainingPlans.of(inShards(), embeddings().description());
    }

    private static TrainingRows rows() {
        return new TrainingRows(
                embeddings().read(Split.TRAIN), Optional.of(embeddings().read(Split.VALIDATION)));
    }

    private static EmbeddingFolder embeddings() {
        return EmbeddingFolder.open(
                session.sparkContext().hadoopConfiguration(), inShards().data().embeddings());
    }

    /** Of one member: the weights and the optimiser's two moments, as they lie in a checkpoint. */
    private static long stateBytes() {
        RunFolder once = run(inShards(), "once");
        new ArtifactTrainer(plan(), rows()).block(1, once.block(1), new Round(1, 2, 0, 1), TreeMap::new);
        try {
            Path checkpoint = Path.of(once.block(1).path(), "checkpoint-1");
            return Files.size(checkpoint.resolve("weights.safetensors"))
                    + Files.size(checkpoint.resolve("optimiser.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jobs in the order in which they ended. */
    private static final class Timeline extends SparkListener {
        private final Map<Integer, String> started = new ConcurrentHashMap<>();
        private final List<String> ended = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch othersEnded = new CountDownLatch((BLOCKS - 1) * ROUNDS);

        @Override
        public void onJobStart(SparkListenerJobStart job) {
            String round = job.properties().getProperty(TrainingEvents.ROUND);
            if (round != null && round.startsWith("block")) {
                started.put(job.jobId(), round);
            }
        }

        @Override
        public void onJobEnd(SparkListenerJobEnd job) {
            String round = started.get(job.jobId());
            if (round != null) {
                ended.add(round);
                if (!round.startsWith("block 1/")) {
                    othersEnded.countDown();
                }
            }
        }
    }
}
