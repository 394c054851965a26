package org.noprop.spark;

import java.util.List;
import java.util.Optional;
import org.apache.spark.HashPartitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * One round of a partition group as a Spark job: a task that trains on all rows, or K members that train on
 * their shards and whose states go through a shuffle, inside the group, to one task that averages them. Blocks that
 * train something together make their rounds in one job, and only what they share goes through the shuffle.
 */
final class GroupRound {
    private static final int AVERAGE = 0;

    private final JavaSparkContext spark;
    private final JavaRDD<TaskOutcome> outcomes;
    private final Optional<Integer> shuffle;

    /**
     * The round.
     *
     * @param resources what the tasks ask for
     * @param tasks of one round, one a shard of a subject, or one a block of those that share something
     */
    GroupRound(JavaSparkContext spark, TaskResources resources, List<TrainingTask> tasks) {
        this.spark = spark;
        JavaRDD<TrainingTask> members = spark.parallelize(tasks, tasks.size());
        if (tasks.size() == 1) {
            this.outcomes = resources.on(members.map(TrainingTask::run));
            this.shuffle = Optional.empty();
            return;
        }
        TrainingTask group = tasks.get(0);
        JavaPairRDD<Integer, TrainingTask.Member> shuffled = resources
                .on(members.map(TrainingTask::runMember))
                .mapToPair(member -> new Tuple2<>(AVERAGE, member))
                .partitionBy(new HashPartitioner(1));
        this.outcomes = resources.on(shuffled.values().mapPartitions(group::average));
        this.shuffle = Optional.of(
                ((ShuffleDependency<?, ?, ?>) shuffled.rdd().dependencies().head()).shuffleId());
    }

    JavaRDD<TaskOutcome> outcomes() {
        return outcomes;
    }

    /** Deletes the members' states from the executors' disks, once the round is over. */
    void clean() {
        shuffle.ifPresent(id -> spark.sc().cleaner().foreach(cleaner -> {
            cleaner.doCleanupShuffle(id, false);
            return null;
        }));
    }
}
