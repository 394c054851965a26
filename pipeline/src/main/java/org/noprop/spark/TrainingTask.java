package org.noprop.spark;

import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.Artifact;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.network.Dl4jNetworks;
import org.noprop.tensor.NativeBackend;
import org.noprop.training.ArtifactTrainer;
import org.noprop.training.ArtifactTrainer.Trained;
import org.noprop.training.Round;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingRows;
import org.noprop.training.WeightedTensors;

/**
 * What one task trains: a block for a round, the head or the baseline to the end. The weights go from the
 * task to the run folder; only a {@link TaskOutcome} goes back to the driver.
 *
 * @param subject what
 * @param round which epochs; of the head and the baseline, all
 * @param shared the averages of what all groups share, where they share something and it is not the first
 *     round
 * @param hadoop file system settings
 * @param runs folder of all runs
 * @param runId the run
 * @param plan how
 * @param embeddings the rows
 */
record TrainingTask(
        Subject subject,
        Round round,
        WeightedTensors shared,
        SerializableConfiguration hadoop,
        String runs,
        String runId,
        TrainingPlan plan,
        Broadcast<ExecutorEmbeddings> embeddings)
        implements Serializable {

    /** Trains, on an executor. A user's mistake comes back as an outcome, so that Spark does not repeat it. */
    TaskOutcome run() {
        long start = System.nanoTime();
        try {
            String backend = NativeBackend.load().toString();
            TrainingRows rows = embeddings.value().trainingRows();
            double readSeconds = secondsSince(start);
            Trained trained = train(new ArtifactTrainer(new Dl4jNetworks(), plan, rows));
            return new TaskOutcome(
                    subject.toString(),
                    round.number(),
                    trained.state().figures(),
                    trained.memory(),
                    secondsSince(start),
                    readSeconds,
                    where(backend),
                    null,
                    trained.shared());
        } catch (InvalidInputException e) {
            return TaskOutcome.failed(subject.toString(), round.number(), secondsSince(start), e.getMessage());
        }
    }

    /** The job description, as the Spark UI shows it: "block 3/10 round 2/5". */
    String description() {
        return (subject.description(plan.blocks()) + " " + round.label()).strip();
    }

    private Trained train(ArtifactTrainer trainer) {
        Artifact artifact = subject.artifact(RunFolder.open(hadoop.value(), runs, runId));
        return switch (subject.kind()) {
            case BLOCK -> trainer.block(subject.step(), artifact, round, shared);
            case HEAD -> trainer.head(artifact);
            case BASELINE -> trainer.baseline(artifact);
        };
    }

    private static TaskOutcome.Where where(String backend) {
        TaskContext task = TaskContext.get();
        return new TaskOutcome.Where(
                SparkEnv.get().executorId(),
                SparkEnv.get().blockManager().blockManagerId().host(),
                Thread.currentThread().getName(),
                task.taskAttemptId(),
                backend);
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
