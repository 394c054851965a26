package org.noprop.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.noprop.data.Artifact;
import org.noprop.data.RunFolder;
import org.noprop.data.Shard;
import org.noprop.training.ArtifactTrainer;
import org.noprop.training.EpochMetrics;
import org.noprop.training.MemberState;
import org.noprop.training.Round;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingRows;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Times what tasks of a partition group take beside their steps, by real rounds in a folder of this machine that is
 * deleted afterwards: a network is made, states are read from files and written to them, and go through Spark's
 * serialiser as in a shuffle.
 */
final class RoundTimer {
    /** The first of them among them, which warms up. */
    private static final int ROUNDS = 6;

    private static final int BATCHES = 4;
    private static final double NANOS = 1e9;
    private static final ClassTag<MemberState> STATE = ClassTag$.MODULE$.apply(MemberState.class);

    private final TrainingPlan plan;
    private final ArtifactTrainer trainer;
    private final Shard shard;
    private final SerializerInstance serializer = new JavaSerializer(new SparkConf(false)).newInstance();

    /**
     * Seconds.
     *
     * @param member of a task that trains, without its steps
     * @param average of the task that averages, with its look at validation rows
     */
    record Times(double member, double average) {
        /** The medians of all rounds but the first, which warms up; of that one where there is no other. */
        static Times ofWarm(List<Times> rounds) {
            List<Times> warm = rounds.size() == 1 ? rounds : rounds.subList(1, rounds.size());
            return new Times(
                    Medians.of(warm.stream().mapToDouble(Times::member).toArray()),
                    Medians.of(warm.stream().mapToDouble(Times::average).toArray()));
        }
    }

    /**
     * A timer.
     *
     * @param rows of which a few batches are trained on
     */
    RoundTimer(TrainingPlan plan, TrainingRows rows) {
        this.plan = plan;
        this.trainer = new ArtifactTrainer(plan, rows);
        this.shard = new Shard(
                1, Math.max(1, rows.training().rows() / (BATCHES * plan.block().batchSize())));
    }

    /**
     * Times a round of the last block.
     *
     * @param members whose states are averaged
     */
    Times measure(int members) {
        try {
            Path folder = Files.createTempDirectory("noprop-round");
            try {
                RunFolder run = RunFolder.create(new Configuration(), folder.toString(), "round");
                return rounds(run.block(plan.blocks()), members);
            } finally {
                FileUtil.fullyDelete(folder.toFile());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a folder to time a round in", e);
        }
    }

    private Times rounds(Artifact block, int members) {
        int epochs = Math.min(ROUNDS, plan.block().epochs());
        return Times.ofWarm(Round.each(epochs, 1).stream()
                .map(round -> time(round, block, members))
                .toList());
    }

    private Times time(Round round, Artifact block, int members) {
        long start = System.nanoTime();
        MemberState state = trainer.member(plan.blocks(), block, round, shard).state();
        ByteBuffer sent = serializer.serialize(state, STATE);
        double member = secondsSince(start)
                - state.epochs().stream().mapToDouble(EpochMetrics::seconds).sum();
        long trained = System.nanoTime();
        List<MemberState> received = IntStream.range(0, members)
                .mapToObj(i -> serializer.deserialize(sent.duplicate(), STATE))
                .toList();
        trainer.average(plan.blocks(), block, round, received);
        return new Times(Math.max(0, member), secondsSince(trained));
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / NANOS;
    }
}
