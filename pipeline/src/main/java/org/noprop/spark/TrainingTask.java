package org.noprop.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.Artifact;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.Shard;
import org.noprop.network.Dl4jNetworks;
import org.noprop.network.MemoryFigures;
import org.noprop.tensor.NativeBackend;
import org.noprop.training.ArtifactTrainer;
import org.noprop.training.ArtifactTrainer.Trained;
import org.noprop.training.ArtifactTrainer.TrainedMember;
import org.noprop.training.MemberState;
import org.noprop.training.Round;
import org.noprop.training.TrainingPlan;
import org.noprop.training.WeightedTensors;
import scala.Function0;

/**
 * What one task trains: a block for a round, or a shard's member of its group; the head or the baseline to the
 * end. Weights go from the task to the run folder, or to the task that averages members; only a
 * {@link TaskOutcome} goes back to the driver.
 *
 * @param subject what
 * @param round which epochs; of the head and the baseline, all
 * @param shard which rows
 * @param shared the averages of what all groups share, where they share something and it is not the first
 *     round
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
        WeightedTensors shared,
        SerializableConfiguration hadoop,
        String runs,
        String runId,
        TrainingPlan plan,
        Broadcast<ExecutorEmbeddings> embeddings,
        TaskDevice device)
        implements Serializable {
    private static final int NO_SHARD = 0;

    /**
     * What a member's task hands to the one that averages.
     *
     * @param shard whose
     * @param state what it brings to the average; null where it failed
     * @param outcome for the driver
     */
    record Member(int shard, MemberState state, TaskOutcome outcome) implements Serializable {}

    /** Trains, on an executor. A user's mistake comes back as an outcome, so that Spark does not repeat it. */
    TaskOutcome run() {
        return guarded(NO_SHARD, (trainer, start) -> {
            Trained trained = train(trainer);
            return outcome(NO_SHARD, trained.state().figures(), trained.memory(), trained.shared(), start);
        });
    }

    /** Trains a member of the group, on an executor. */
    Member runMember() {
        MemberState[] state = {null};
        TaskOutcome outcome = guarded(shard.number(), (trainer, start) -> {
            TrainedMember trained = trainer.member(subject.step(), artifact(), round, shard);
            state[0] = trained.state();
            return outcome(shard.number(), Map.of(), trained.memory(), WeightedTensors.NONE, start);
        });
        return new Member(shard.number(), state[0], outcome);
    }

    /**
     * Averages the members of a round, on an executor.
     *
     * @param members in any order
     * @return theirs and this task's outcomes; without an average if a member failed
     */
    Iterator<TaskOutcome> average(Iterator<Member> members) {
        List<Member> all = new ArrayList<>();
        members.forEachRemaining(all::add);
        all.sort(Comparator.comparing(Member::shard));
        List<TaskOutcome> outcomes = new ArrayList<>();
        all.forEach(member -> outcomes.add(member.outcome()));
        if (all.stream().allMatch(member -> member.outcome().failure().isEmpty())) {
            outcomes.add(guarded(NO_SHARD, (trainer, start) -> {
                Trained trained = trainer.average(
                        subject.step(),
                        artifact(),
                        round,
                        all.stream().map(Member::state).toList());
                return outcome(NO_SHARD, trained.state().figures(), trained.memory(), trained.shared(), start);
            }));
        }
        return outcomes.iterator();
    }

    /** The job description, as the Spark UI shows it: "block 3/10 round 2/5". */
    String description() {
        return (subject.description(plan.blocks()) + " " + round.label()).strip();
    }

    private Trained train(ArtifactTrainer trainer) {
        return switch (subject.kind()) {
            case BLOCK -> trainer.block(subject.step(), artifact(), round, shared);
            case HEAD -> trainer.head(artifact());
            case BASELINE -> trainer.baseline(artifact());
        };
    }

    private Artifact artifact() {
        return subject.artifact(RunFolder.open(hadoop.value(), runs, runId));
    }

    /** When a task started, and what it got then. */
    private record Start(long nanos, long millis, Optional<String> gpu, double readSeconds, TaskRows rows) {}

    private TaskOutcome guarded(int member, BiFunction<ArtifactTrainer, Start, TaskOutcome> work) {
        long start = System.nanoTime();
        long millis = System.currentTimeMillis();
        Function0<Object> written = SparkHadoopUtil.get().getFSBytesWrittenOnThreadCallback();
        try {
            Optional<String> gpu = device.take();
            TaskRows rows = embeddings.value().trainingRows(shard.shards());
            ArtifactTrainer trainer = new ArtifactTrainer(new Dl4jNetworks(), plan, rows.rows());
            return work.apply(trainer, new Start(start, millis, gpu, secondsSince(start), rows));
        } catch (InvalidInputException e) {
            return TaskOutcome.failed(subject.toString(), round.number(), member, secondsSince(start), e.getMessage());
        } finally {
            TaskContext.get().taskMetrics().outputMetrics().setBytesWritten((long) written.apply());
        }
    }

    private TaskOutcome outcome(
            int member, Map<String, Double> figures, MemoryFigures memory, WeightedTensors sharedNow, Start start) {
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
                sharedNow);
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
