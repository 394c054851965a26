package org.noprop.spark.dl4j;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.noprop.data.Artifact;
import org.noprop.training.ArtifactTrainer;
import org.noprop.training.ArtifactTrainer.Trained;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingRows;

/**
 * Trains the baseline data-parallel by dl4j-spark: what the rest of the program sees of it.
 *
 * <p>Network, loss, optimiser, batches and their order are those of the local baseline. What differs is dl4j-spark's
 * own: workers take different batches from the same weights, and weights, running statistics and optimiser state are
 * averaged every so many batches, where the local baseline makes one step after another. With one worker that
 * averages after every batch the result is the same.
 */
public final class Dl4jSparkBaseline {
    private final JavaSparkContext spark;
    private final TrainingPlan plan;
    private final Averaging averaging;
    private final RowSource rows;

    /**
     * A training to come.
     *
     * @param plan how the baseline, its first, is trained
     * @param averaging workers, and how often they average
     * @param rows the rows of each executor
     */
    public Dl4jSparkBaseline(JavaSparkContext spark, TrainingPlan plan, Averaging averaging, RowSource rows) {
        this.spark = spark;
        this.plan = plan;
        this.averaging = averaging;
        this.rows = rows;
    }

    /**
     * What came of it.
     *
     * @param trained as of a local training
     * @param rounds how often was averaged, since a resume
     * @param bytesToWorkers weights, running statistics and optimiser state that workers were sent
     * @param bytesFromWorkers the same that they returned
     */
    public record Result(Trained trained, int rounds, long bytesToWorkers, long bytesFromWorkers) {}

    /**
     * Trains to the end, from the latest checkpoint.
     *
     * @param known the rows as the driver knows them: their number, order and row groups, and those to validate on
     * @param artifact where the baseline is written
     * @param afterRound told after each averaging round how many there were
     * @param cancelled asked before each round
     * @throws java.util.concurrent.CancellationException if it is
     */
    public Result train(TrainingRows known, Artifact artifact, IntConsumer afterRound, BooleanSupplier cancelled) {
        AtomicReference<AveragedBaseline> learner = new AtomicReference<>();
        Trained trained = new ArtifactTrainer(plan, known, cancelled)
                .baseline(artifact, averaging.batches(), (network, local) -> {
                    learner.set(new AveragedBaseline(spark, plan, averaging, rows, network, local, afterRound));
                    return learner.get();
                });
        AveragedBaseline averaged = learner.get();
        long bytes = (long) averaged.rounds() * averaging.workers() * averaged.vectorBytes();
        return new Result(trained, averaged.rounds(), bytes, bytes);
    }
}
