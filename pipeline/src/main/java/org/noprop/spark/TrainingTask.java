package org.noprop.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.Artifact;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.Shard;
import org.noprop.network.MemoryFigures;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.Tensor;
import org.noprop.training.ArtifactTrainer;
import org.noprop.training.ArtifactTrainer.Trained;
import org.noprop.training.ArtifactTrainer.TrainedMember;
import org.noprop.training.MemberState;
import org.noprop.training.Round;
import org.noprop.training.SharedParts;
import org.noprop.training.TrainingDivergedException;
import org.noprop.training.TrainingPlan;
import scala.Function0;

/**
 * What one task trains: a block for a round, or a shard's member of its group; the head or a baseline to the
 * end. Weights go from the task to the run folder, or to the task that averages; only a {@link TaskOutcome} goes
 * back to the driver.
 *
 * @param subject what
 * @param round which epochs; of the head and a baseline, all
 * @param shard which rows
 * @param hadoop file system settings
 * @param runs folder of all runs
 * @param runId the run
 * @param plan how
 * @param embeddings the rows
 * @param device what it computes on
 */
record TrainingTask(
        Subject subject,
        Round round,
        Shard shard,
        SerializableConfiguration hadoop,
        String runs,
        String runId,
        TrainingPlan plan,
        Broadcast<ExecutorEmbeddings> embeddings,
        TaskDevice device)
        implements Serializable {
    private static final int NO_SHARD = 0;

    /**
     * What a task hands to the one that averages.
     *
     * @param number whose: the shard's, or the block's
     * @param state what it brings to the average; null where it failed
     * @param averagesRead bytes of the averages of the round before that it started from
     * @param outcome for the driver
     */
    record Member(int number, MemberState state, long averagesRead, TaskOutcome outcome) implements Serializable {}

    /**
     * Trains, on an executor. A user's mistake and training that diverged come back as outcomes, so that Spark does not
     * repeat them.
     */
    TaskOutcome run() {
        return guarded(NO_SHARD, (trainer, start) -> {
            Trained trained = train(trainer);
            return outcome(NO_SHARD, trained.state().figures(), trained.memory(), start);
        });
    }

    /** Trains one of those whose states are averaged, on an executor: a shard's member, or a block of many. */
    Member runMember() {
        return shares() ? runSharing() : runShard();
    }

    private Member runShard() {
        MemberState[] state = {null};
        TaskOutcome outcome = guarded(shard.number(), (trainer, start) -> {
            TrainedMember trained = trainer.member(subject.step(), artifact(), round, shard);
            state[0] = trained.state();
            return outcome(shard.number(), Map.of(), trained.memory(), start);
        });
        return new Member(shard.number(), state[0], 0, outcome);
    }

    private Member runSharing() {
        MemberState[] state = {null};
        long[] averagesRead = {0};
        TaskOutcome outcome = guarded(NO_SHARD, (trainer, start) -> {
            Trained trained = trainer.block(subject.step(), artifact(), round, () -> {
                Function0<Object> read = SparkHadoopUtil.get().getFSBytesReadOnThreadCallback();
                SortedMap<String, Tensor> averages = new SharedParts(runFolder(), plan).averagesBefore(round);
                averagesRead[0] = (long) read.apply();
                return averages;
            });
            state[0] = MemberState.of(trained.shared());
            return outcome(NO_SHARD, trained.state().figures(), trained.memory(), start);
        });
        TaskContext.get().taskMetrics().inputMetrics().setBytesRead(averagesRead[0]);
        return new Member(subject.step(), state[0], averagesRead[0], outcome);
    }

    /**
     * Averages the members of a round, on an executor.
     *
     * @param members in any order
     * @return theirs and, of shards, this task's outcomes; without an average if a member failed
     */
    Iterator<TaskOutcome> average(Iterator<Member> members) {
        List<Member> all = new ArrayList<>();
        members.forEachRemaining(all::add);
        all.sort(Comparator.comparing(Member::number));
        List<TaskOutcome> outcomes = new ArrayList<>();
        all.forEach(member -> outcomes.add(member.outcome()));
        if (all.stream().allMatch(member -> member.outcome().failure().isEmpty())) {
            if (shares()) {
                averageShared(all);
            } else {
                outcomes.add(averageShards(all));
            }
        }
        return outcomes.iterator();
    }

    private TaskOutcome averageShards(List<Member> members) {
        return guarded(NO_SHARD, (trainer, start) -> {
            Trained trained = trainer.average(
                    subject.step(),
                    artifact(),
                    round,
                    members.stream().map(Member::state).toList());
            return outcome(NO_SHARD, trained.state().figures(), trained.memory(), start);
        });
    }

    private void averageShared(List<Member> members) {
        long collected = TaskContext.get().taskMetrics().shuffleReadMetrics().totalBytesRead();
        long handedOut = members.stream().mapToLong(Member::averagesRead).sum();
        countingWritten(() -> {
            new SharedParts(runFolder(), plan)
                    .average(
                            round,
                            members.stream()
                                    .map(member -> member.state().state())
                                    .toList(),
                            collected + handedOut);
            return round;
        });
    }

    /** Whether this is one of several blocks that train something together. */
    boolean shares() {
        return subject.kind() == Subject.Kind.BLOCK && plan.shares();
    }

    /** What its job trains: "block 3"; of blocks that train something together, all of them. */
    String group() {
        return shares() ? "blocks" : subject.toString();
    }

    /** The job description, as the Spark UI shows it: "block 3/10 round 2/5". */
    String description() {
        String trained = shares() ? "blocks 1-" + plan.blocks() : subject.description(plan.blocks());
        return (trained + " " + round.label()).strip();
    }

    private Trained train(ArtifactTrainer trainer) {
        return switch (subject.kind()) {
            case BLOCK -> trainer.block(subject.step(), artifact());
            case HEAD -> trainer.head(artifact());
            case BASELINE, PLAIN_BASELINE -> trainer.baseline(artifact());
        };
    }

    /** Of several baselines, with this one alone. */
    private TrainingPlan ownPlan() {
        return subject.baseline().map(plan::withBaseline).orElse(plan);
    }

    private RunFolder runFolder() {
        return RunFolder.open(hadoop.value(), runs, runId);
    }

    private Artifact artifact() {
        return subject.artifact(runFolder());
    }

    /** When a task started, and what it got then. */
    private record Start(long nanos, long millis, Optional<String> gpu, double readSeconds, TaskRows rows) {}

    private TaskOutcome guarded(int member, BiFunction<ArtifactTrainer, Start, TaskOutcome> work) {
        long start = System.nanoTime();
        long millis = System.currentTimeMillis();
        return countingWritten(() -> guarded(member, start, millis, work));
    }

    private TaskOutcome guarded(
            int member, long start, long millis, BiFunction<ArtifactTrainer, Start, TaskOutcome> work) {
        try {
            Optional<String> gpu = device.take();
            TaskRows rows = rows();
            TaskContext task = TaskContext.get();
            ArtifactTrainer trainer = new ArtifactTrainer(ownPlan(), rows.rows(), task::isInterrupted);
            return work.apply(trainer, new Start(start, millis, gpu, secondsSince(start), rows));
        } catch (InvalidInputException | TrainingDivergedException e) {
            return TaskOutcome.failed(subject.toString(), round.number(), member, secondsSince(start), e);
        }
    }

    private TaskRows rows() {
        return subject.kind() == Subject.Kind.HEAD
                ? embeddings.value().trainingKeys()
                : embeddings.value().trainingRows(shard.shards());
    }

    /** Tells Spark what is written to the run folder. */
    private static <R> R countingWritten(Supplier<R> work) {
        Function0<Object> written = SparkHadoopUtil.get().getFSBytesWrittenOnThreadCallback();
        try {
            return work.get();
        } finally {
            TaskContext.get().taskMetrics().outputMetrics().setBytesWritten((long) written.apply());
        }
    }

    private TaskOutcome outcome(int member, Map<String, Double> figures, MemoryFigures memory, Start start) {
        return new TaskOutcome(
                subject.toString(),
                round.number(),
                member,
                figures,
                memory,
                secondsSince(start.nanos()),
                start.readSeconds(),
                start.rows().bytesRead(),
                where(start),
                null,
                false);
    }

    private static TaskOutcome.Where where(Start start) {
        TaskContext task = TaskContext.get();
        return new TaskOutcome.Where(
                SparkEnv.get().executorId(),
                SparkEnv.get().blockManager().blockManagerId().host(),
                Thread.currentThread().getName(),
                task.taskAttemptId(),
                NativeBackend.load().toString(),
                TaskDevice.worker(),
                start.gpu().orElse(null),
                start.millis());
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
