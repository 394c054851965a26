package org.noprop.spark;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.config.TrainingConfig;
import org.noprop.data.Artifact;
import org.noprop.data.RunFolder;
import org.noprop.data.Shard;
import org.noprop.training.Round;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingSettings;

/** Makes the tasks of a run's subjects. */
final class TrainingTasks {
    private final SerializableConfiguration hadoop;
    private final String runs;
    private final RunFolder run;
    private final TrainingPlan plan;
    private final TrainingConfig training;
    private final Broadcast<ExecutorEmbeddings> embeddings;
    private final TaskDevice device;

    /**
     * Tasks of a run.
     *
     * @param hadoop file system settings
     * @param runs folder of all runs
     * @param run the run
     * @param plan how its subjects are trained
     * @param training shards, and how often they average
     * @param embeddings the rows
     * @param device what they compute on
     */
    TrainingTasks(
            SerializableConfiguration hadoop,
            String runs,
            RunFolder run,
            TrainingPlan plan,
            TrainingConfig training,
            Broadcast<ExecutorEmbeddings> embeddings,
            TaskDevice device) {
        this.hadoop = hadoop;
        this.runs = runs;
        this.run = run;
        this.plan = plan;
        this.training = training;
        this.embeddings = embeddings;
        this.device = device;
    }

    /** The rounds of a subject that are still to train, and each round's tasks, one a shard. */
    List<List<TrainingTask>> rounds(Subject subject) {
        int shards = subject.kind() == Subject.Kind.BLOCK ? training.shards() : 1;
        TrainingSettings settings = subject.settings(plan);
        if (shards == 1) {
            return List.of(List.of(task(subject, Round.whole(settings.epochs()), Shard.WHOLE)));
        }
        int averaged = averagedEpochs(subject.artifact(run), settings);
        return Round.each(settings.epochs(), training.averageEvery()).stream()
                .filter(round -> round.to() > averaged)
                .map(round -> members(subject, round, shards))
                .toList();
    }

    /**
     * The tasks, one a block, of each round of blocks that train something together.
     *
     * @param rounds that are still to train
     */
    List<List<TrainingTask>> together(List<Round> rounds) {
        return rounds.stream()
                .map(round -> IntStream.rangeClosed(1, plan.blocks())
                        .mapToObj(block -> task(Subject.block(block), round, Shard.WHOLE))
                        .toList())
                .toList();
    }

    private TrainingTask task(Subject subject, Round round, Shard shard) {
        return new TrainingTask(subject, round, shard, hadoop, runs, run.id(), plan, embeddings, device);
    }

    private List<TrainingTask> members(Subject subject, Round round, int shards) {
        return IntStream.rangeClosed(1, shards)
                .mapToObj(number -> task(subject, round, new Shard(number, shards)))
                .toList();
    }

    /** Epochs after which the newest average is there, which a round goes on from. */
    private static int averagedEpochs(Artifact artifact, TrainingSettings settings) {
        return artifact.latestCheckpoint(settings.fingerprint())
                .map(checkpoint -> checkpoint.state().epoch())
                .orElse(0);
    }
}
